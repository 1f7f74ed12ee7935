#include "training/methods/ternary_layer.h"

#include <algorithm>
#include <cmath>

namespace telegrad::training {

std::vector<std::int32_t> TernaryLayer::codes(std::span<const float> latent, double threshold) {
  float largest = 0;
  for (float weight : latent) largest = std::max(largest, std::abs(weight));
  const auto limit = static_cast<float>(threshold * largest);
  std::vector<std::int32_t> result(latent.size());
  for (std::size_t i = 0; i < latent.size(); ++i) {
    result[i] = (latent[i] > limit ? 1 : 0) - (latent[i] < -limit ? 1 : 0);
  }
  return result;
}

TernaryLayer TernaryLayer::of(std::span<const float> latent, double threshold) {
  const auto code = codes(latent, threshold);
  double sums[2] = {0, 0}, counts[2] = {0, 0};
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == 0) continue;
    sums[code[i] < 0] += std::abs(latent[i]);
    counts[code[i] < 0] += 1;
  }
  auto mean = [&](int side) {
    return counts[side] > 0 ? static_cast<float>(sums[side] / counts[side]) : 0.0F;
  };
  return {mean(0), mean(1)};
}

TernaryLayer::Gradients TernaryLayer::gradients(std::span<const float> latent, std::span<const float> g,
                                                double threshold) const {
  const auto code = codes(latent, threshold);
  Gradients result{0, 0, std::vector<float>(latent.size())};
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] > 0) result.positive += g[i];
    if (code[i] < 0) result.negative -= g[i];
    result.latent[i] = g[i] * (code[i] > 0 ? positive : code[i] < 0 ? negative : 1.0F);
  }
  return result;
}

}  // namespace telegrad::training
