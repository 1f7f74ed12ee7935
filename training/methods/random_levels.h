#pragma once

#include "training/methods/quantise.h"
#include "training/methods/quantised.h"

namespace telegrad::training {

/// Levels of each bucket's norm, which `round` chooses for one value at random: what QSGD and natural dithering have
/// in common. Settings: levels, norm.
template <std::int32_t (*round)(float v, float norm, std::int32_t s, float u)>
class RandomLevels final : public Quantised {
 public:
  RandomLevels(const Value& resolved, const NodeContext& context, codecs::ValueCoding coding)
      : Quantised(resolved, context, coding), levels_(coding.levels),
        max_norm_(resolved["norm"].text() == "max") {}

 protected:
  void quantise(std::span<const float> values, std::span<const float> uniforms,
                std::span<std::int32_t> symbols, std::span<float> scales) override {
    const float norm = norm_of(values, max_norm_);
    scales[0] = norm;
    for (std::size_t i = 0; i < values.size(); ++i) {
      symbols[i] = round(values[i], norm, levels_, uniforms[i]);
    }
  }

 private:
  std::int32_t levels_;
  bool max_norm_;
};

}  // namespace telegrad::training
