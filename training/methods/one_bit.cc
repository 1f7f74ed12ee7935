#include "training/methods/options.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

/// Two values for each output of a layer: the means of its non-negative and of its negative entries. The weights of
/// an output lie side by side (the paper's columns).
class OneBit final : public Quantised {
 public:
  OneBit(const Value& resolved, const NodeContext& context)
      : Quantised(resolved, context, codecs::ValueCodec::two_means) {}

 protected:
  void quantise(std::span<const float> values, std::span<const float>, std::span<std::int32_t> symbols,
                std::span<float> scales) override {
    double sums[2] = {0, 0};
    std::size_t counts[2] = {0, 0};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int negative = values[i] < 0 ? 1 : 0;
      symbols[i] = negative;
      sums[negative] += values[i];
      ++counts[negative];
    }
    for (int which : {0, 1}) {
      scales[which] =
          counts[which] == 0 ? 0.0F : static_cast<float>(sums[which] / static_cast<double>(counts[which]));
    }
  }
  bool random() const override { return false; }
};

}  // namespace

Entry<Maker> one_bit_method() {
  return {{.name = "one_bit",
           .summary = "one bit an entry and two means for each output of a layer, with feedback at both ends",
           .source = "Seide, Fu, Droppo, Li, Yu 2014",
           .parameters = quantised_parameters("output") + feedback_parameters(true),
           .example = R"({"type": "one_bit"})",
           .formula = "d + 64 bits an output",
           .traits = {"contraction", "deterministic"}},
          {[](const Value& resolved, const NodeContext& context) {
             return with_feedback(resolved, context, std::make_unique<OneBit>(resolved, context));
           },
           "recompressed"}};
}

}  // namespace telegrad::training
