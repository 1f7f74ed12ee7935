#include <algorithm>

#include "training/methods/options.h"
#include "training/methods/quantise.h"
#include "training/methods/quantised.h"

namespace telegrad::training {
namespace {

/// The two points of a fixed grid next to each value, at random without bias; for models that go round rather than for
/// gradients. Values beyond the range become its ends.
class Rounding final : public Quantised {
 public:
  Rounding(const Value& resolved, const NodeContext& context, std::int32_t most)
      : Quantised(resolved, context,
                  codecs::ValueCoding(codecs::ValueCodec::levels, static_cast<std::uint16_t>(most),
                                      codecs::level_width(static_cast<std::uint32_t>(most)))),
        step_(static_cast<float>(resolved["step"].number())), most_(most) {}

 protected:
  void quantise(std::span<const float> values, std::span<const float> uniforms,
                std::span<std::int32_t> symbols, std::span<float> scales) override {
    scales[0] = step_ * static_cast<float>(most_);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float inside = std::clamp(values[i], -scales[0], scales[0]);
      symbols[i] = std::clamp(grid_point(inside, step_, uniforms[i]), -most_, most_);
    }
  }

 private:
  float step_;
  std::int32_t most_;
};

/// Points on either side of 0.
double most_of(const Value& resolved) {
  return std::floor(resolved["range"].number() / (2 * resolved["step"].number()) + 0.5);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  if (most_of(resolved) >= 1 && most_of(resolved) <= 32767) return;
  problems.push_back({"/step", 0, 0,
                      "makes " + std::to_string(2 * most_of(resolved) + 1) + " points of the range",
                      "expected 3 to 65535 points: choose another step or range"});
}

}  // namespace

Entry<Maker> rounding_method() {
  return {
      {.name = "rounding",
       .summary = "all values on a fixed grid, rounded at random without bias; for the program incremental",
       .source = "Rabbat and Nowak 2005",
       .parameters = Table{real("step", "between two points of the grid").above(0).otherwise(0.001),
                           real("range",
                                "length of the grid, half of it on either side of 0; what lies beyond "
                                "becomes its end")
                               .above(0)
                               .otherwise(8.0)} +
                     quantised_parameters("model"),
       .example = R"({"type": "rounding", "step": 0.001, "range": 8})",
       .check = check,
       .formula = "d ceil(log2(range / step + 1)) + 32 bits",
       .traits = {"random"}},
      {[](const Value& resolved, const NodeContext& context) -> std::unique_ptr<Compressor> {
         return std::make_unique<Rounding>(resolved, context, static_cast<std::int32_t>(most_of(resolved)));
       },
       "dense"}};
}

}  // namespace telegrad::training
