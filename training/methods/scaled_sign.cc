#include <cmath>

#include "training/methods/options.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

/// sign(p) times the mean magnitude, or times the norm over sqrt(d). sign(0) is +1.
class ScaledSign final : public Quantised {
 public:
  ScaledSign(const Value& resolved, const NodeContext& context)
      : Quantised(resolved, context, codecs::ValueCodec::scaled_sign), l2_(resolved["scale"].text() == "l2") {
  }

 protected:
  void quantise(std::span<const float> values, std::span<const float>, std::span<std::int32_t> symbols,
                std::span<float> scales) override {
    double sum = 0;
    for (float value : values) sum += l2_ ? static_cast<double>(value) * value : std::fabs(value);
    const double mean = sum / static_cast<double>(values.size());
    scales[0] = static_cast<float>(l2_ ? std::sqrt(mean) : mean);
    for (std::size_t i = 0; i < values.size(); ++i) symbols[i] = values[i] < 0 ? 1 : 0;
  }
  bool random() const override { return false; }

 private:
  bool l2_;
};

}  // namespace

/// EF-signSGD with feedback (Karimireddy et al. 2019); with l2 the sign compression of 1-bit Adam.
Entry<Maker> scaled_sign_method() {
  return {{.name = "scaled_sign",
           .summary = "signs and one scale, the mean magnitude; with feedback EF-signSGD",
           .source = "Karimireddy, Rebjock, Stich, Jaggi 2019; Tang et al. 2021",
           .parameters = Table{choice("scale", {"l1", "l2"},
                                      "||p||_1 / d, a contraction, or ||p||_2 / sqrt(d), which is none")
                                   .otherwise("l1")} +
                         quantised_parameters() + feedback_parameters(true),
           .example = R"({"type": "scaled_sign", "error_feedback": true})",
           .formula = "d + 32 bits a bucket",
           .traits = {"contraction with l1", "deterministic"}},
          {[](const Value& resolved, const NodeContext& context) {
             return with_feedback(resolved, context, std::make_unique<ScaledSign>(resolved, context));
           },
           "dense"}};
}

}  // namespace telegrad::training
