#pragma once

// What the quantisers do to one value, given a uniform number u in [0, 1). All are unbiased, E Q(v) = v.

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

namespace telegrad::training {

/// QSGD: r = s |v| / norm, level = floor(r), one more if u < r - floor(r), with the sign of v. 0 where norm is 0.
/// The value is norm * level / s. (Alistarh et al. 2017)
inline std::int32_t stochastic_level(float v, float norm, float s, float u) {
  if (norm == 0) return 0;
  float r = s * std::fabs(v) / norm;
  float low = std::floor(r);
  auto level = static_cast<std::int32_t>(low) + (u < r - low ? 1 : 0);
  return v < 0 ? -level : level;
}

/// TernGrad: sign(v) with probability |v| / scale, 0 else, as 0, 1, 2 for -1, 0, 1; |v| above the scale saturates.
/// (Wen et al. 2017)
inline std::int32_t ternary_code(float v, float scale, float u) {
  if (scale == 0 || !(u < std::fabs(v) / scale)) return 1;
  return v < 0 ? 0 : 2;
}

/// Natural compression: to one of the two next powers of two, by u against the fraction of the mantissa. Subnormals
/// go to 0 or 2^-126; the largest exponent stays. (Horvath et al. 2022)
inline float natural(float v, float u) {
  auto bits = std::bit_cast<std::uint32_t>(v);
  std::uint32_t exponent = (bits >> 23) & 0xffU;
  float fraction = static_cast<float>(bits & 0x7fffffU) * 0x1p-23F;
  if (u < fraction && exponent < 254) ++exponent;
  return std::bit_cast<float>((bits & 0x80000000U) | (exponent << 23));
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
