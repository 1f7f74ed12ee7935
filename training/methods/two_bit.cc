#include "training/methods/options.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

/// -t where p <= -t, t where p >= t, 0 else; what is beyond t stays in the residual.
class TwoBit final : public Quantised {
 public:
  TwoBit(const Value& resolved, const NodeContext& context)
      : Quantised(resolved, context, codecs::ValueCodec::ternary),
        threshold_(static_cast<float>(resolved["threshold"].number())) {}

 protected:
  void quantise(std::span<const float> values, std::span<const float>, std::span<std::int32_t> symbols,
                std::span<float> scales) override {
    scales[0] = threshold_;
    for (std::size_t i = 0; i < values.size(); ++i) {
      symbols[i] = 1 + (values[i] >= threshold_ ? 1 : 0) - (values[i] <= -threshold_ ? 1 : 0);
    }
  }
  bool random() const override { return false; }

 private:
  float threshold_;
};

}  // namespace

Entry<Maker> two_bit_method() {
  return {{.name = "two_bit",
           .summary = "-t, 0 or t for each entry, by a fixed threshold; feedback keeps the rest",
           .source = "the 2-bit compression of MXNet",
           .parameters = Table{real("threshold", "t: what is sent, and from which magnitude on").above(0)} +
                         quantised_parameters("model") + feedback_parameters(true),
           .example = R"({"type": "two_bit", "threshold": 0.01})",
           .formula = "2 d + 32 bits",
           .traits = {"deterministic"}},
          {[](const Value& resolved, const NodeContext& context) {
             return with_feedback(resolved, context, std::make_unique<TwoBit>(resolved, context));
           },
           "dense"}};
}

}  // namespace telegrad::training
