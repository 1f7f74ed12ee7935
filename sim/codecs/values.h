#pragma once

#include <bit>
#include <cstdint>

namespace telegrad::codecs {

/// How values travel; the number stands in the block header.
enum class ValueCodec : std::uint8_t { fp32 = 1, fp16 = 2 };

constexpr unsigned value_bits(ValueCodec codec) { return codec == ValueCodec::fp16 ? 16U : 32U; }

/// IEEE 754 binary16, rounded to nearest even. Beyond +-65504 it saturates (a residual keeps the rest); a NaN
/// stays one.
std::uint16_t to_half(float value);
float from_half(std::uint16_t bits);

inline std::uint32_t to_bits(float value, ValueCodec codec) {
  return codec == ValueCodec::fp16 ? to_half(value) : std::bit_cast<std::uint32_t>(value);
}

inline float from_bits(std::uint32_t bits, ValueCodec codec) {
  return codec == ValueCodec::fp16 ? from_half(static_cast<std::uint16_t>(bits)) : std::bit_cast<float>(bits);
}

}  // namespace telegrad::codecs
