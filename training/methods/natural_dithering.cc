#include <cmath>

#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

codecs::ValueCoding coding_of(const Value& resolved) {
  const auto s = static_cast<std::uint16_t>(resolved["levels"].integer());
  return {codecs::ValueCodec::dithered, s, codecs::level_width(s)};
}

/// QSGD with levels at the powers of two below the norm.
class NaturalDithering final : public Quantised {
 public:
  NaturalDithering(const Value& resolved, const NodeContext& context)
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
    scales[0] = max_norm_ ? largest : std::fmax(static_cast<float>(std::sqrt(squares)), largest);
    for (std::size_t i = 0; i < values.size(); ++i) {
      symbols[i] = dithered_level(values[i], scales[0], levels_, uniforms[i]);
    }
  }

 private:
  std::int32_t levels_;
  bool max_norm_;
};

}  // namespace

Entry<Maker> natural_dithering_method() {
  return {
      {.name = "natural_dithering",
       .summary = "levels at the powers of two below the norm, rounded at random without bias",
       .source = "Horvath, Ho, Horvath, Sahu, Canini, Richtarik 2022",
       .parameters = Table{integer("levels", "s: levels at norm, norm / 2, ..., norm 2^(1-s), and 0")
                               .in(1, 100)
                               .otherwise(7),
                           choice("norm", {"l2", "max"}, "what a bucket is measured by").otherwise("l2")} +
                     quantised_parameters() + feedback_parameters(false),
       .example = R"({"type": "natural_dithering", "levels": 7, "bucket": 512})",
       .check = refuse_feedback,
       .formula = "ceil(log2(2 s + 1)) d + 32 bits a bucket",
       .traits = {"unbiased"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<NaturalDithering>(resolved, context);
       },
       "dense"}};
}

}  // namespace telegrad::training
