#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training {

/// One layer of trained ternary quantisation (Zhu, Han, Mao, Dally 2017): with D = t max |w|, its weights are +Wp where
/// w > D, -Wn where w < -D, else 0.
struct TernaryLayer {
  float positive = 0;  // Wp
  float negative = 0;  // Wn

  /// -1, 0, 1 for each latent weight.
  static std::vector<std::int32_t> codes(std::span<const float> latent, double threshold);
  /// The scales at the mean magnitudes of what they stand for.
  static TernaryLayer of(std::span<const float> latent, double threshold);

  /// Gradients from those of the ternary weights:
  ///   dWp = sum of G where w > D, dWn = -sum of G where w < -D, dw = Wp G, G or Wn G.
  struct Gradients {
    double positive = 0;
    double negative = 0;
    std::vector<float> latent;
  };
  Gradients gradients(std::span<const float> latent, std::span<const float> of_ternary,
                      double threshold) const;
};

}  // namespace telegrad::training
