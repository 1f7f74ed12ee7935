#include "sim/codecs/values.h"

namespace telegrad::codecs {

std::uint16_t to_half(float value) {
  auto bits = std::bit_cast<std::uint32_t>(value);
  auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  std::uint32_t magnitude = bits & 0x7fffffffU;
  if (magnitude > 0x7f800000U) return static_cast<std::uint16_t>(sign | 0x7e00U);
  if (magnitude >= 0x477fe000U) return static_cast<std::uint16_t>(sign | 0x7bffU);  // 65504
  if (magnitude >= 0x38800000U) {                                                   // normal, 2^-14 and above
    std::uint32_t rounded = magnitude + 0xfffU + ((magnitude >> 13) & 1U);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13));
  }
  // Subnormal: adding 0.5 leaves the rounded multiple of 2^-24 in the lowest bits of the sum.
  auto shifted = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F);
  return static_cast<std::uint16_t>(sign | (shifted - 0x3f000000U));
}

float from_half(std::uint16_t bits) {
  std::uint32_t sign = (bits & 0x8000U) << 16;
  std::uint32_t exponent = (bits >> 10) & 0x1fU;
  std::uint32_t fraction = bits & 0x3ffU;
  if (exponent == 0) {
    float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  std::uint32_t high = exponent == 31 ? 0x7f800000U : (exponent + 112U) << 23;
  return std::bit_cast<float>(sign | high | (fraction << 13));
}

}  // namespace telegrad::codecs
