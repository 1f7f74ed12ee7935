#include <algorithm>
#include <cmath>

#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/quantised.h"

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
    float scale = 0;
    for (float value : values) scale = std::max(scale, std::fabs(value));
    if (clip_ > 0) {
      // A constant tensor has no deviation and would be silenced.
      const auto limit = static_cast<float>(clip_ * deviation(values));
      if (limit > 0) scale = std::min(scale, limit);
    }
    scales[0] = scale;
    for (std::size_t i = 0; i < values.size(); ++i) symbols[i] = ternary_code(values[i], scale, uniforms[i]);
  }

 private:
  double clip_;
};

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
                               .otherwise("two_bits")} +
                     quantised_parameters() + feedback_parameters(false),
       .example = R"({"type": "terngrad", "clip_deviations": 2.5})",
       .check = refuse_feedback,
       .formula = "2 d + 32 bits a tensor; 1.6 d with base3",
       .traits = {"unbiased where not clipped"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<TernGrad>(resolved, context);
       },
       "dense"}};
}

}  // namespace telegrad::training
