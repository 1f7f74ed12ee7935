#include <algorithm>
#include <cmath>

#include "training/methods/options.h"

namespace telegrad::training {
namespace {

/// The unit vector of a finite set that is nearest to the gradient's direction, and nothing of its length. Code words
/// travel as a vector of their own, to which they add up; `expand` makes directions of them.
class Direction : public Compressor {
 public:
  Direction(const NodeContext& context, std::uint32_t code_words)
      : context_(context), wire_(codecs::whole(code_words)) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) final {
    require_finite(values, context_, step);
    return choose(values, {.method = context_.method, .worker = context_.rank}, cut);
  }
  std::span<const codecs::Unit> units() const final { return wire_; }
  bool expands() const final { return true; }
  void add(const Payload& payload, float factor, std::span<float> into) const final {
    std::vector<float> words(wire_[0].size);
    Compressor::add(payload, factor, words);
    expand(words, 0, into);
  }
  double traffic() const final { return 4.0 * static_cast<double>(context_.layout.size()); }

 protected:
  virtual Payload choose(std::span<const float> values, const codecs::Stamp& stamp, Cut cut) const = 0;
  /// One code word by its number, or none.
  Payload one(const codecs::Stamp& stamp, Cut cut, std::span<const std::uint32_t> word,
              const codecs::ValueSource& value) const {
    return pack_sparse(stamp, wire_, codecs::covered_once(wire_[0].size), cut, word, value);
  }
  std::uint32_t coordinates() const { return static_cast<std::uint32_t>(context_.layout.size()); }

 private:
  NodeContext context_;
  std::vector<codecs::Unit> wire_;
};

/// 2^d vectors of +-1 / sqrt d: d bits, cosine at least 1 / sqrt d.
class Signs final : public Direction {
 public:
  explicit Signs(const NodeContext& context)
      : Direction(context, static_cast<std::uint32_t>(context.layout.size())) {}

  Payload choose(std::span<const float> values, const codecs::Stamp& stamp, Cut cut) const override {
    std::vector<std::int32_t> signs;
    for (float value : values) signs.push_back(value < 0 ? 1 : 0);
    return pack_dense(stamp, units(), codecs::covered_once(coordinates()), cut,
                      codecs::SymbolSource(codecs::ValueCodec::sign, signs));
  }
  void expand(std::span<const float> words, std::uint64_t, std::span<float> gradient) const override {
    const auto length = static_cast<float>(1 / std::sqrt(static_cast<double>(words.size())));
    for (std::size_t i = 0; i < words.size(); ++i) gradient[i] += length * words[i];
  }
};

/// +-e_i: the index of the largest magnitude and its sign; cosine at least 1 / sqrt d.
class Axes final : public Direction {
 public:
  explicit Axes(const NodeContext& context)
      : Direction(context, static_cast<std::uint32_t>(context.layout.size())) {}

  Payload choose(std::span<const float> values, const codecs::Stamp& stamp, Cut cut) const override {
    const auto smaller = [](float a, float b) { return std::fabs(a) < std::fabs(b); };
    const auto largest = std::max_element(values.begin(), values.end(), smaller);
    std::vector<std::uint32_t> word;
    std::vector<std::int32_t> sign;
    if (*largest != 0) {
      word.push_back(static_cast<std::uint32_t>(largest - values.begin()));
      sign.push_back(*largest < 0 ? 1 : 0);
    }
    return one(stamp, cut, word, codecs::SymbolSource(codecs::ValueCodec::sign, sign));
  }
  void expand(std::span<const float> words, std::uint64_t, std::span<float> gradient) const override {
    for (std::size_t i = 0; i < words.size(); ++i) gradient[i] += words[i];
  }
};

/// The d + 1 corners of a regular simplex, the fewest that leave no gradient without a direction of descent: word 0 is
/// (1, ..., 1) / sqrt d, word i is a e_i + b (1, ..., 1) with a = sqrt(1 + 1 / d), b = -(a + 1 / sqrt d) / d. Cosine at
/// least 1 / d.
class Simplex final : public Direction {
 public:
  explicit Simplex(const NodeContext& context)
      : Direction(context, static_cast<std::uint32_t>(context.layout.size()) + 1),
        first_(1 / std::sqrt(static_cast<double>(coordinates()))), own_(std::sqrt(1 + 1.0 / coordinates())),
        all_(-(own_ + first_) / coordinates()) {}

  Payload choose(std::span<const float> values, const codecs::Stamp& stamp, Cut cut) const override {
    double sum = 0;
    for (float value : values) sum += value;
    const auto largest = std::max_element(values.begin(), values.end());
    std::vector<std::uint32_t> word;
    if (own_ * *largest + all_ * sum > first_ * sum) {
      word.push_back(1 + static_cast<std::uint32_t>(largest - values.begin()));
    } else if (sum > 0) {  // of a gradient that is not 0 some word has a positive product
      word.push_back(0);
    }
    return one(stamp, cut, word, codecs::NoValues());
  }
  void expand(std::span<const float> words, std::uint64_t, std::span<float> gradient) const override {
    double others = 0;
    for (float word : words.subspan(1)) others += word;
    const auto everywhere = static_cast<float>(first_ * words[0] + all_ * others);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] += static_cast<float>(own_) * words[i + 1] + everywhere;
    }
  }

 private:
  double first_, own_, all_;
};

std::unique_ptr<Compressor> make(const Value& resolved, const NodeContext& context) {
  const std::string& set = resolved["set"].text();
  if (set == "axes") return std::make_unique<Axes>(context);
  if (set == "simplex") return std::make_unique<Simplex>(context);
  return std::make_unique<Signs>(context);
}

}  // namespace

Entry<Maker> direction_method() {
  return {
      {.name = "direction",
       .summary = "the nearest of a finite set of directions, and nothing of the gradient's length",
       .source = "Magnusson, Enyioha, Li, Fischione, Tarokh 2018",
       .parameters = {choice("set", {"sign", "axes", "simplex"},
                             "the signs of all entries; the largest entry's place and sign; the corners of a "
                             "simplex, the fewest that will do")
                          .otherwise("sign")},
       .example = R"({"type": "direction", "set": "sign"})",
       .formula = "d bits with sign; ceil(log2 d) + 1 with axes; ceil(log2(d + 1)) with simplex",
       .traits = {"deterministic"}},
      {make, "union_sparse"}};
}

}  // namespace telegrad::training
