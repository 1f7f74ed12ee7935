#include <cmath>
#include <map>

#include "training/methods/options.h"
#include "training/methods/pending.h"
#include "training/methods/randomness.h"
#include "training/methods/ratio.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// Everybody draws the same entries from a shared stream and sends only their values: the vector that travels has
/// k coordinates for each unit, and may be summed on the way.
class SharedRandK final : public Compressor {
 public:
  SharedRandK(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), context_(context), stamp_(stamp(resolved, context)),
        value_(value_codec(resolved)), scaled_(!resolved["error_feedback"].boolean()),
        parts_(units_of(resolved, context.layout)) {
    std::uint32_t sent = 0;
    for (const codecs::Unit& part : parts_) sent += static_cast<std::uint32_t>(keep_.of(part, ~0ULL));
    wire_ = codecs::whole(sent);
  }

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, context_, step);
    values_.clear();
    for_each(step.round, [&](std::uint32_t at, float factor) { values_.push_back(values[at] * factor); });
    for (float value : values_) {
      if (!std::isfinite(value)) refuse_not_finite(0, context_, step);
    }
    Payload payload = pack_dense(stamp_, wire_, codecs::covered_once(wire_[0].size), cut,
                                 codecs::FloatSource(value_, values_));
    rounds_.add(payload, step.round);
    return payload;
  }

  std::span<const codecs::Unit> units() const override { return wire_; }
  Shape shape() const override { return Shape::linear; }
  bool expands() const override { return true; }

  void add(const Payload& payload, float factor, std::span<float> into) const override {
    std::map<std::uint64_t, std::vector<float>> wires;  // by round, what travelled in it
    for (const Block& block : payload.blocks()) {
      // Partial sums that an exchange gives back are of the latest round.
      const std::uint64_t* round = rounds_.of_or_latest(block);
      if (block.lost || round == nullptr) continue;
      std::vector<float>& wire = wires.try_emplace(*round, wire_[0].size).first->second;
      codecs::add_block(open(block, wire_), wire, factor);
    }
    for (const auto& [round, wire] : wires) expand(wire, round, into);
  }

  void expand(std::span<const float> wire, std::uint64_t round, std::span<float> gradient) const override {
    std::size_t i = 0;
    for_each(round, [&](std::uint32_t at, float) { gradient[at] += wire[i++]; });
  }
  double traffic() const override { return 8.0 * wire_[0].size; }

 private:
  /// visit(coordinate, factor): without feedback d / k keeps the mean.
  template <class Visit>
  void for_each(std::uint64_t round, Visit visit) const {
    for (std::uint32_t number = 0; number < parts_.size(); ++number) {
      const codecs::Unit& part = parts_[number];
      const auto k = static_cast<std::uint32_t>(keep_.of(part, ~0ULL));
      Stream stream = shared_stream(context_, round, number);
      const float factor = scaled_ ? static_cast<float>(part.size) / static_cast<float>(k) : 1.0F;
      for (std::uint32_t at : draw_without_replacement(part.size, k, [&] { return stream.uniform(); })) {
        visit(part.first + at, factor);
      }
    }
  }

  Keep keep_;
  NodeContext context_;
  codecs::Stamp stamp_;
  codecs::ValueCodec value_;
  bool scaled_;
  std::vector<codecs::Unit> parts_;
  std::vector<codecs::Unit> wire_;
  std::vector<float> values_;
  Pending<std::uint64_t> rounds_;
};

/// Every worker draws its own entries and sends their indices.
class PrivateRandK final : public Compressor {
 public:
  PrivateRandK(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), scaled_(!resolved["error_feedback"].boolean()),
        sparse_(resolved, context) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, sparse_.context(), step);
    sparse_.clear();
    for (std::uint32_t number = 0; number < units().size(); ++number) {
      const codecs::Unit& unit = units()[number];
      const auto k = static_cast<std::uint32_t>(keep_.of(unit, step.round));
      Stream stream = node_stream(sparse_.context(), step, number);
      const float factor = scaled_ ? static_cast<float>(unit.size) / static_cast<float>(k) : 1.0F;
      for (std::uint32_t at : draw_without_replacement(unit.size, k, [&] { return stream.uniform(); })) {
        const float value = values[unit.first + at] * factor;
        if (!std::isfinite(value)) refuse_not_finite(unit.first + at, sparse_.context(), step);
        sparse_.keep(unit.first + at, value);
      }
    }
    return sparse_.pack(step, cut);
  }
  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override { return sparse_.traffic(0); }

 private:
  Keep keep_;
  bool scaled_;
  Sparse sparse_;
};

std::unique_ptr<Compressor> make(const Value& resolved, const NodeContext& context) {
  std::unique_ptr<Compressor> inner;
  if (resolved["shared"].boolean()) {
    inner = std::make_unique<SharedRandK>(resolved, context);
  } else {
    inner = std::make_unique<PrivateRandK>(resolved, context);
  }
  return with_feedback(resolved, context, std::move(inner));
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  check_keep(resolved, problems);
  if (resolved["shared"].boolean() && !resolved["warmup_ratios"].items().empty()) {
    problems.push_back(
        {"/warmup_ratios", 0, 0, "shared entries have one number in all rounds", "set shared to false"});
  }
  if (resolved["shared"].boolean() && resolved["momentum_correction"].number() > 0) {
    problems.push_back({"/momentum_correction", 0, 0,
                        "shared entries travel without indices to mask momentum by", "set shared to false"});
  }
}

}  // namespace

Entry<Maker> rand_k_method() {
  return {
      {.name = "rand_k",
       .summary = "k random entries; shared by all workers they travel without indices",
       .source = "Stich, Cordonnier, Jaggi 2018; Konecny and Richtarik 2018",
       .parameters = Table{boolean("shared", "all workers draw the same entries; without, each draws its own")
                               .otherwise(true)} +
                     keep_parameters() + sparse_parameters() + feedback_parameters(true),
       .example = R"({"type": "rand_k", "ratio": 0.01})",
       .check = check,
       .formula = "32 k bits shared; k (b + 32) with own entries",
       .traits = {"random", "linear where shared", "unbiased without feedback", "contraction with feedback"}},
      {make, "dense"}};
}

}  // namespace telegrad::training
