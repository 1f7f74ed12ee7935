#include <cmath>

#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

codecs::ValueCoding coding_of(const Value& resolved) {
  const auto s = static_cast<std::uint16_t>(resolved["levels"].integer());
  if (resolved["code"].text() == "elias") return {codecs::ValueCodec::levels_elias, s, 0};
  return {codecs::ValueCodec::levels, s, codecs::level_width(s)};
}

/// Rounds |v| / norm to one of s + 1 levels at random, without bias.
class Qsgd final : public Quantised {
 public:
  Qsgd(const Value& resolved, const NodeContext& context)
      : Quantised(resolved, context, coding_of(resolved)),
        levels_(static_cast<std::int32_t>(resolved["levels"].integer())),
        max_norm_(resolved["norm"].text() == "max") {}

 protected:
  void quantise(std::span<const float> values, std::span<const float> uniforms,
                std::span<std::int32_t> symbols, std::span<float> scales) override {
    double squares = 0;
    float largest = 0;
    for (float value : values) {
      squares += static_cast<double>(value) * value;
      largest = std::fmax(largest, std::fabs(value));
    }
    // Rounded down, the norm of a one-hot bucket could lie below its entry.
    const float norm = max_norm_ ? largest : std::fmax(static_cast<float>(std::sqrt(squares)), largest);
    scales[0] = norm;
    for (std::size_t i = 0; i < values.size(); ++i) {
      symbols[i] = stochastic_level(values[i], norm, levels_, uniforms[i]);
    }
  }

 private:
  std::int32_t levels_;
  bool max_norm_;
};

}  // namespace

Entry<Maker> qsgd_method() {
  Table parameters =
      Table{integer("levels", "s: magnitudes are rounded to multiples of norm / s; 2^(b-1) - 1 makes b bits")
                .in(1, 32767)
                .otherwise(7),
            choice("norm", {"max", "l2"}, "what a bucket is measured by; practice takes max, theory l2")
                .otherwise("max"),
            choice("code", {"fixed", "elias"},
                   "levels in a fixed width, or in Elias's omega code, where 0 is one bit")
                .otherwise("fixed")} +
      quantised_parameters() + feedback_parameters(false);
  for (Parameter& parameter : parameters) {
    if (parameter.name == "bucket") parameter = std::move(parameter).otherwise(512);
  }
  return {
      {.name = "qsgd",
       .summary = "levels of each bucket's norm, rounded at random without bias",
       .source = "Alistarh, Grubic, Li, Tomioka, Vojnovic 2017",
       .parameters = std::move(parameters),
       .example = R"({"type": "qsgd", "levels": 7, "bucket": 512})",
       .check = refuse_feedback,
       .formula = "ceil(log2(2 s + 1)) d + 32 bits a bucket; with elias sum of omega(level + 1) and signs",
       .traits = {"unbiased"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<Qsgd>(resolved, context);
       },
       "dense"}};
}

}  // namespace telegrad::training
