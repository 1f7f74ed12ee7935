#pragma once

// What the quantisers do to one value, given a uniform number u in [0, 1): the elements of the kernels as symbols. All
// are unbiased, E Q(v) = v.

#include <cmath>
#include <cstdint>
#include <span>

#include "training/kernels/elements.h"

namespace telegrad::training {

/// What a bucket is measured by: its largest magnitude, or its Euclidean norm.
inline float norm_of(std::span<const float> values, bool largest_magnitude) {
  double squares = 0;
  float largest = 0;
  for (float value : values) {
    squares += static_cast<double>(value) * value;
    largest = std::fmax(largest, std::fabs(value));
  }
  // Rounded down, the norm of a one-hot bucket could lie below its entry.
  return largest_magnitude ? largest : std::fmax(static_cast<float>(std::sqrt(squares)), largest);
}

/// QSGD: the level in [-s, s], of which the value is norm * level / s. 0 where norm is 0. (Alistarh et al. 2017)
inline std::int32_t stochastic_level(float v, float norm, std::int32_t s, float u) {
  return static_cast<std::int32_t>(kernels::quantised_code(v, u, norm, s)) - s;
}

/// TernGrad: 0, 1, 2 for -1, 0, 1; |v| above the scale saturates. (Wen et al. 2017)
inline std::int32_t ternary_code(float v, float scale, float u) {
  return static_cast<std::int32_t>(kernels::ternary_code(v, u, scale));
}

/// Natural compression: one of the two powers of two next to v. (Horvath et al. 2022)
inline float natural(float v, float u) { return kernels::from_natural(kernels::natural_code(v, u)); }

/// A point of the grid with this step, as so many steps: floor(v / step), and one more with the probability of what is
/// left. (Rabbat and Nowak 2005)
inline std::int32_t grid_point(float v, float step, float u) {
  const float steps = v / step;
  const float below = std::floor(steps);
  return static_cast<std::int32_t>(below) + (u < steps - below ? 1 : 0);
}

/// Natural dithering: |v| / norm lies between two of 0, 2^(1-s), ..., 1/2, 1; one of them, as 0, +-1, ..., +-s.
/// (Horvath et al. 2022)
inline std::int32_t dithered_level(float v, float norm, std::int32_t s, float u) {
  if (norm == 0 || v == 0) return 0;
  const float r = std::fmin(std::fabs(v) / norm, 1.0F);
  int exponent = 0;
  const float mantissa = std::frexp(r, &exponent);  // r = mantissa 2^exponent, mantissa in [1/2, 1)
  std::int32_t level = s - 1 + exponent;            // of 2^(exponent - 1), the power below
  if (level <= 0) {
    level = u < std::ldexp(r, s - 1) ? 1 : 0;  // between 0 and 2^(1-s)
  } else if (u < 2 * mantissa - 1) {
    ++level;
  }
  return v < 0 ? -level : level;
}

}  // namespace telegrad::training
