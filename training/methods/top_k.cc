#include <memory>
#include <optional>
#include <string>

#include "sim/codecs/pack.h"
#include "sim/core/errors.h"
#include "training/methods/compressor.h"
#include "training/methods/residual.h"
#include "training/methods/select.h"

namespace telegrad::training {
namespace {

struct Settings {
  std::optional<std::int64_t> k;  // of each unit
  double ratio = 0;
  bool feedback = true;
  Granularity granularity = Granularity::tensor;
  codecs::ValueCodec value = codecs::ValueCodec::fp32;
};

/// Sends the k entries of largest magnitude of each unit; with feedback the rest is added to the next gradient
/// (Stich, Cordonnier, Jaggi 2018).
class TopK final : public Compressor {
 public:
  TopK(const NodeContext& context, const Settings& settings)
      : context_(context), settings_(settings),
        units_(training::units(context.layout, settings.granularity)), stamp_{
                                                                           .method = codecs::MethodId::top_k,
                                                                           .value_codec = settings.value,
                                                                           .worker = context.rank} {
    if (settings.feedback) residual_ = std::make_unique<Residual>(context.layout.size());
  }

  Payload encode(const at::Tensor& gradient, const Step& step, Cut cut) override {
    auto size = static_cast<std::size_t>(gradient.numel());
    std::span<const float> values(gradient.const_data_ptr<float>(), size);
    if (residual_) values = residual_->compensate(values);
    indices_.clear();
    for (const codecs::Unit& unit : units_) {
      bool finite = select_largest(values.subspan(unit.first, unit.size), kept(unit), scratch_, chosen_);
      if (!finite) refuse(unit, step);
      for (std::uint32_t index : chosen_) indices_.push_back(unit.first + index);
    }
    sent_.resize(indices_.size());
    for (std::size_t i = 0; i < indices_.size(); ++i) sent_[i] = values[indices_[i]];
    auto coverage = codecs::covered_once(static_cast<std::uint32_t>(size));
    Payload payload = codecs::pack_sparse(stamp_, units_, coverage, cut, indices_, sent_);
    if (residual_) subtract_sent();
    return payload;
  }

  void restore(const Payload& returned) override {
    if (residual_) residual_->restore(returned, units_);
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  bool feedback() const override { return residual_ != nullptr; }
  double traffic() const override {
    double entries = 0;
    for (const codecs::Unit& unit : units_) entries += static_cast<double>(kept(unit));
    return static_cast<double>(context_.layout.size()) * (residual_ ? 12 : 4) + entries * 8;
  }

 private:
  std::size_t kept(const codecs::Unit& unit) const {
    return settings_.k ? static_cast<std::size_t>(*settings_.k) : ratio_to_k(settings_.ratio, unit.size);
  }

  void subtract_sent() {
    std::span<float> left = residual_->values();
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      left[indices_[i]] -= codecs::from_bits(codecs::to_bits(sent_[i], settings_.value), settings_.value);
    }
  }

  [[noreturn]] void refuse(const codecs::Unit& unit, const Step& step) const {
    throw RunError(Failure::not_finite, "gradient and residual of worker " + std::to_string(context_.rank) +
                                            " are not finite in " + context_.layout.at(unit.first).name +
                                            " in round " + std::to_string(step.round) +
                                            "; a lower learning rate may help");
  }

  NodeContext context_;
  Settings settings_;
  std::vector<codecs::Unit> units_;
  codecs::Stamp stamp_;
  std::unique_ptr<Residual> residual_;
  std::vector<std::uint64_t> scratch_;
  std::vector<std::uint32_t> chosen_;
  std::vector<std::uint32_t> indices_;
  std::vector<float> sent_;
};

std::unique_ptr<Compressor> make(const Value& resolved, const NodeContext& context) {
  Settings settings{.k = std::nullopt,
                    .ratio = 0,
                    .feedback = resolved["error_feedback"].boolean(),
                    .granularity = granularity(resolved),
                    .value = value_codec(resolved)};
  if (const Value* ratio = resolved.find("ratio")) settings.ratio = ratio->number();
  if (const Value* k = resolved.find("k")) settings.k = k->integer();
  return std::make_unique<TopK>(context, settings);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  bool ratio = resolved.find("ratio") != nullptr;
  bool k = resolved.find("k") != nullptr;
  if (ratio != k) return;
  problems.push_back({ratio ? "/k" : "/ratio", 0, 0, "expected exactly one of 'ratio' and 'k'", ""});
}

}  // namespace

Entry<MakeCompressor> top_k_method() {
  return {
      {.name = "top_k",
       .summary = "the k entries of largest magnitude with their indices; feedback keeps the rest",
       .source = "Aji and Heafield 2017; Stich, Cordonnier, Jaggi 2018",
       .parameters = {real("ratio", "share of the entries of each unit that is sent").over(0, 1).optional(),
                      integer("k", "entries of each unit that are sent").in(1, 2e9).optional(),
                      boolean("error_feedback", "add what was not sent or not applied to the next gradient")
                          .otherwise(true),
                      granularity_parameter(), value_parameter()},
       .example = R"({"type": "top_k", "ratio": 0.01, "error_feedback": true})",
       .check = check},
      make};
}

}  // namespace telegrad::training
