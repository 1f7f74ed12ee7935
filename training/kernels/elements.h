#pragma once

// What one entry becomes: shared by the loops for the CPU, by the references and by the kernels for GPUs, hence
// C++17 without the standard library. Compiled without contraction to FMA everywhere, so that all agree on every bit.

#include <cstdint>
#include <cstring>

#ifdef __CUDACC__
#define TELEGRAD_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define TELEGRAD_HOST_DEVICE __attribute__((always_inline)) inline
#endif

namespace telegrad::training::kernels {

constexpr std::uint32_t kInfinityBits = 0x7f800000U;

TELEGRAD_HOST_DEVICE std::uint32_t bits_of(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

TELEGRAD_HOST_DEVICE float float_of(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Orders like |value|; NaN is above infinity.
TELEGRAD_HOST_DEVICE std::uint32_t magnitude_bits(float value) { return bits_of(value) & 0x7fffffffU; }

/// 1 where negative; sign(0) = sign(-0) = +1.
TELEGRAD_HOST_DEVICE std::uint32_t sign_code(float value) { return value < 0.0F ? 1U : 0U; }

/// 0, 1, 2 for -1, 0, +1: zero unless u < |value| / scale (Wen et al. 2017). Zero for all where the scale is 0 and
/// the value too.
TELEGRAD_HOST_DEVICE std::uint32_t ternary_code(float value, float u, float scale) {
  std::uint32_t side = value < 0.0F ? 0U : 2U;
  return u < float_of(magnitude_bits(value)) / scale ? side : 1U;
}

/// levels + signed level: r = levels |value| / norm, level = floor(r) + (u < r - floor(r)) (Alistarh et al. 2017).
/// Rounding may not push it beyond +-levels; all is 0 where the norm is 0.
TELEGRAD_HOST_DEVICE std::uint32_t quantised_code(float value, float u, float norm, std::int32_t levels) {
  float most = static_cast<float>(levels);
  float r = float_of(magnitude_bits(value)) / norm * most;
  r = r > 0.0F ? r : 0.0F;  // also NaN, of 0 / 0
  r = r < most ? r : most;
  std::int32_t low = static_cast<std::int32_t>(r);
  std::int32_t level = low + (u < r - static_cast<float>(low) ? 1 : 0);
  return static_cast<std::uint32_t>(value < 0.0F ? levels - level : levels + level);
}

TELEGRAD_HOST_DEVICE float from_quantised(std::uint32_t code, float norm, std::int32_t levels) {
  return norm * (static_cast<float>(static_cast<std::int32_t>(code) - levels) / static_cast<float>(levels));
}

/// Sign and exponent, the top nine bits of the float: the exponent rises by one where u is below the fraction of
/// the mantissa (Horvath et al. 2022). The same bits do for denormals: 2^-126 with probability |value| / 2^-126,
/// else 0. What would overflow stays at 2^127.
TELEGRAD_HOST_DEVICE std::uint32_t natural_code(float value, float u) {
  std::uint32_t bits = bits_of(value);
  float fraction = static_cast<float>(static_cast<std::int32_t>(bits & 0x7fffffU)) * 0x1p-23F;
  std::uint32_t exponent = ((bits >> 23) & 0xffU) + (u < fraction ? 1U : 0U);
  return (bits >> 31 << 8) | (exponent < 254U ? exponent : 254U);
}

TELEGRAD_HOST_DEVICE float from_natural(std::uint32_t code) { return float_of(code << 23); }

}  // namespace telegrad::training::kernels
