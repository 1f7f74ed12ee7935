#include <algorithm>
#include <cmath>

#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/quantised.h"
#include "training/methods/shared_scale.h"

namespace telegrad::training {
namespace {

/// Standard deviation about the mean.
double deviation(std::span<const float> values) {
  double sum = 0;
  for (float value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (float value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

/// The largest magnitude after clipping at so many deviations; 0: not clipped.
float scale_of(std::span<const float> values, double clip) {
  const float largest = norm_of(values, true);
  if (clip == 0) return largest;
  // A constant tensor has no deviation and would be silenced.
  const auto limit = static_cast<float>(clip * deviation(values));
  return limit > 0 ? std::min(largest, limit) : largest;
}

/// -s, 0 or s with the mean of the entry, s the largest magnitude after clipping at c standard deviations.
class TernGrad final : public Quantised {
 public:
  TernGrad(const Value& resolved, const NodeContext& context)
      : Quantised(resolved, context,
                  resolved["code"].text() == "base3" ? codecs::ValueCodec::ternary_base3
                                                     : codecs::ValueCodec::ternary),
        clip_(resolved["clip_deviations"].number()) {}

 protected:
  void quantise(std::span<const float> values, std::span<const float> uniforms,
                std::span<std::int32_t> symbols, std::span<float> scales) override {
    const float scale = scale_of(values, clip_);
    scales[0] = scale;
    for (std::size_t i = 0; i < values.size(); ++i) symbols[i] = ternary_code(values[i], scale, uniforms[i]);
  }

 private:
  double clip_;
};

void check(const Value& resolved, std::vector<Problem>& problems) {
  refuse_feedback(resolved, problems);
  if (!resolved["shared_scaler"].boolean() || resolved["code"].text() == "two_bits") return;
  problems.push_back({"/code", 0, 0, "numbers of base 3 do not add up on their way", "choose two_bits"});
}

std::unique_ptr<Collective> shared(const Value& resolved, const NodeContext& context) {
  if (!resolved["shared_scaler"].boolean()) return nullptr;
  const double clip = resolved["clip_deviations"].number();
  auto scale = [clip](std::span<const float> values) { return scale_of(values, clip); };
  return make_shared_scale(resolved, context, {.most = 1, .scale = std::move(scale)});
}

}  // namespace

Entry<Maker> terngrad_method() {
  return {
      {.name = "terngrad",
       .summary = "each entry as -s, 0 or s at random, two bits; s is the tensor's largest magnitude",
       .source = "Wen, Xu, Yan, Wu, Wang, Chen, Li 2017",
       .parameters = Table{real("clip_deviations",
                                "entries are clipped at so many standard deviations, which biases; 0: not")
                               .at_least(0)
                               .otherwise(2.5),
                           choice("code", {"two_bits", "base3"}, "2 bits an entry, or 5 entries in 8 bits")
                               .otherwise("two_bits"),
                           boolean("shared_scaler",
                                   "s is the largest of all workers': what they send then adds up on its way")
                               .otherwise(false)} +
                     quantised_parameters() + feedback_parameters(false),
       .example = R"({"type": "terngrad", "clip_deviations": 2.5})",
       .check = check,
       .formula = "2 d + 32 bits a tensor; 1.6 d with base3; with a shared scaler ceil(log2(2 N + 1)) d down",
       .traits = {"unbiased where not clipped", "linear where shared"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<TernGrad>(resolved, context);
       },
       "dense", shared}};
}

}  // namespace telegrad::training
