#include "sim/codecs/values.h"

#include <cmath>

#include "sim/core/errors.h"

namespace telegrad::codecs {

unsigned value_bits(const ValueCoding& coding) {
  switch (coding.codec) {
    case ValueCodec::fp32: return 32;
    case ValueCodec::fp16:
    case ValueCodec::bf16: return 16;
    case ValueCodec::natural: return 9;
    case ValueCodec::sign:
    case ValueCodec::scaled_sign:
    case ValueCodec::two_means: return 1;
    case ValueCodec::ternary: return 2;
    case ValueCodec::levels:
    case ValueCodec::dithered:
    case ValueCodec::integers: return coding.width;
    case ValueCodec::ternary_base3:
    case ValueCodec::levels_elias:
    case ValueCodec::common:
    case ValueCodec::none: break;
  }
  return 0;
}

std::uint64_t values_bits(const ValueCoding& coding, std::uint64_t count) {
  return coding.codec == ValueCodec::ternary_base3 ? (count + 4) / 5 * 8 : count * value_bits(coding);
}

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

std::uint16_t to_bfloat(float value) {
  auto bits = std::bit_cast<std::uint32_t>(value);
  std::uint32_t magnitude = bits & 0x7fffffffU;
  std::uint32_t sign = bits & 0x80000000U;
  if (magnitude > 0x7f800000U) return static_cast<std::uint16_t>((sign | 0x7fc00000U) >> 16);
  std::uint32_t rounded = magnitude + 0x7fffU + ((magnitude >> 16) & 1U);
  if (rounded >= 0x7f800000U) rounded = 0x7f7f0000U;
  return static_cast<std::uint16_t>((sign | rounded) >> 16);
}

std::uint32_t to_bits(float value, ValueCodec codec) {
  switch (codec) {
    case ValueCodec::fp32: return std::bit_cast<std::uint32_t>(value);
    case ValueCodec::fp16: return to_half(value);
    case ValueCodec::bf16: return to_bfloat(value);
    case ValueCodec::natural: return to_natural(value);
    default: break;
  }
  expect(false, "a codec of floating point");
  return 0;
}

float from_bits(std::uint32_t bits, ValueCodec codec) {
  switch (codec) {
    case ValueCodec::fp16: return from_half(static_cast<std::uint16_t>(bits));
    case ValueCodec::bf16: return from_bfloat(static_cast<std::uint16_t>(bits));
    case ValueCodec::natural: return from_natural(bits);
    default: return std::bit_cast<float>(bits);
  }
}

float value_of(std::int32_t symbol, const ValueCoding& coding, const float* scales) {
  switch (coding.codec) {
    case ValueCodec::sign: return symbol == 0 ? 1.0F : -1.0F;
    case ValueCodec::none: return 1.0F;
    case ValueCodec::integers: return static_cast<float>(symbol);
    case ValueCodec::scaled_sign: return symbol == 0 ? scales[0] : -scales[0];
    case ValueCodec::two_means: return scales[symbol];
    case ValueCodec::ternary:
    case ValueCodec::ternary_base3: return symbol == 1 ? 0.0F : (symbol == 0 ? -scales[0] : scales[0]);
    case ValueCodec::levels:
    case ValueCodec::levels_elias:
      return scales[0] * (static_cast<float>(symbol) / static_cast<float>(coding.levels));
    case ValueCodec::dithered: {
      if (symbol == 0) return 0.0F;
      float magnitude = std::ldexp(scales[0], std::abs(symbol) - int{coding.levels});
      return symbol < 0 ? -magnitude : magnitude;
    }
    case ValueCodec::common: {
      const auto bits = static_cast<std::uint32_t>(symbol);
      if (bits == kPlusScale || bits == kMinusScale) return bits == kPlusScale ? scales[0] : -scales[0];
      return std::bit_cast<float>(bits);
    }
    default: return from_bits(static_cast<std::uint32_t>(symbol), coding.codec);
  }
}

}  // namespace telegrad::codecs
