#include <bit>
#include <cmath>

#include "training/methods/options.h"
#include "training/methods/probabilities.h"
#include "training/methods/randomness.h"

namespace telegrad::training {
namespace {

/// Keeps entry i with probability p_i = min(lambda |g_i|, 1) and sends g_i / p_i: certain entries as they are, all
/// others have the magnitude 1 / lambda and need only a sign.
class WangniSparsification final : public Compressor {
 public:
  WangniSparsification(const Value& resolved, const NodeContext& context)
      : context_(context), stamp_(stamp(resolved, context)), units_(units_of(resolved, context.layout)),
        scales_(units_.size()) {
    if (const Value* epsilon = resolved.find("epsilon")) epsilon_ = epsilon->number();
    if (const Value* density = resolved.find("density")) density_ = density->number();
  }

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, context_, step);
    indices_.clear();
    symbols_.clear();
    for (std::uint32_t number = 0; number < units_.size(); ++number) {
      const codecs::Unit& unit = units_[number];
      exact_.assign(values.begin() + unit.first, values.begin() + unit.first + unit.size);
      const Wangni chosen = density_ > 0 ? wangni_greedy(exact_, density_) : wangni_exact(exact_, epsilon_);
      // Of tiny gradients lambda is beyond any float, its reciprocal 0: nothing that could be told from it is sent.
      scales_[number] = chosen.lambda > 0 ? static_cast<float>(1 / chosen.lambda) : 0.0F;
      if (!std::isfinite(scales_[number])) refuse_not_finite(unit.first, context_, step);
      uniforms_.resize(unit.size);
      fill_uniform(uniforms_, context_, step, number);
      for (std::uint32_t i = 0; i < unit.size; ++i) {
        if (!(uniforms_[i] < chosen.p[i])) continue;
        indices_.push_back(unit.first + i);
        const float value = values[unit.first + i];
        const std::uint32_t scale = value < 0 ? codecs::kMinusScale : codecs::kPlusScale;
        symbols_.push_back(chosen.p[i] >= 1 ? std::bit_cast<std::uint32_t>(value) : scale);
      }
    }
    return pack_sparse(stamp_, units_, codecs::covered_once(static_cast<std::uint32_t>(values.size())), cut,
                       indices_, codecs::CommonSource(symbols_), scales_);
  }

  std::span<const codecs::Unit> units() const override { return units_; }
  double traffic() const override { return 24.0 * static_cast<double>(context_.layout.size()); }

 private:
  NodeContext context_;
  codecs::Stamp stamp_;
  std::vector<codecs::Unit> units_;
  double epsilon_ = 0;
  double density_ = 0;
  std::vector<double> exact_;
  std::vector<float> uniforms_;
  std::vector<std::uint32_t> indices_;
  std::vector<std::uint32_t> symbols_;
  std::vector<float> scales_;
};

void check(const Value& resolved, std::vector<Problem>& problems) {
  refuse_feedback(resolved, problems);
  const bool epsilon = resolved.find("epsilon") != nullptr;
  if (epsilon != (resolved.find("density") != nullptr)) return;
  problems.push_back(
      {epsilon ? "/density" : "/epsilon", 0, 0, "expected exactly one of 'epsilon' and 'density'", ""});
}

}  // namespace

Entry<Maker> wangni_method() {
  return {{.name = "wangni",
           .summary = "entries at random, the larger the likelier, as few as a bound on the variance allows",
           .source = "Wangni, Wang, Liu, Zhang 2018",
           .parameters =
               Table{real("epsilon", "the second moment grows by at most this share: the fewest entries")
                         .above(0)
                         .optional(),
                     real("density", "expected share of entries that are sent: the paper's greedy rule")
                         .over(0, 1)
                         .optional(),
                     granularity_parameter(),
                     bucket_parameter("coordinates of a unit with probabilities of its own"),
                     index_parameter(), zstd_parameter()} +
               feedback_parameters(false),
           .example = R"({"type": "wangni", "density": 0.02})",
           .check = check,
           .formula = "certain entries (b + 32), others b + 1 bits, 32 a unit",
           .traits = {"unbiased", "sparse"}},
          {[](const Value& resolved, const NodeContext& context) {
             return std::make_unique<WangniSparsification>(resolved, context);
           },
           "union_sparse"}};
}

}  // namespace telegrad::training
