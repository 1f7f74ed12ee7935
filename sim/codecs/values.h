#pragma once

#include <bit>
#include <cstdint>

namespace telegrad::codecs {

/// How values travel; the number stands in the block header. A scale is an fp32 that a bucket of coordinates
/// shares; s is the number of levels.
enum class ValueCodec : std::uint8_t {
  fp32 = 1,
  fp16 = 2,
  bf16 = 3,
  natural = 4,        // sign and exponent of an fp32: +-2^e and 0 in 9 bits (Horvath et al. 2022)
  sign = 5,           // +-1
  scaled_sign = 6,    // +-scale
  two_means = 7,      // the first scale for bit 0, the second for bit 1
  ternary = 8,        // -scale, 0, +scale as 0, 1, 2 in two bits
  ternary_base3 = 9,  // the same, five to a byte
  levels = 10,        // scale * level / s, |level| + offset in a fixed width
  levels_elias = 11,  // the same; |level| + 1 in Elias's omega code, and a sign where it is not zero
  dithered = 12,      // 0, or +-scale * 2^(|level| - s), in a fixed width
  common = 13,        // +-scale as a 0 and a sign, or a 1 and an fp32
  none = 14,          // indices alone; each stands for 1
  integers = 15,      // whole numbers of either sign in a fixed width, as levels are
};
inline constexpr ValueCodec kLastValueCodec = ValueCodec::integers;

/// Everything that a receiver must know of the values of a block, besides their scales.
struct ValueCoding {
  ValueCoding() = default;
  ValueCoding(ValueCodec which) : codec(which) {}  // NOLINT: codecs without levels convert
  ValueCoding(ValueCodec which, std::uint16_t of, unsigned bits)
      : codec(which), levels(of), width(static_cast<std::uint8_t>(bits)) {}

  ValueCodec codec = ValueCodec::fp32;
  std::uint16_t levels = 0;  // s
  std::uint8_t width = 0;    // of one level of fixed width; 0 for the other codecs
  bool operator==(const ValueCoding&) const = default;
};

constexpr bool has_levels(ValueCodec codec) {
  return codec >= ValueCodec::levels && codec <= ValueCodec::dithered;
}
/// Parameters that a block says before its scales: s and the width of levels, the width of integers.
constexpr unsigned parameter_bytes(ValueCodec codec) {
  return has_levels(codec) ? 3 : codec == ValueCodec::integers ? 1 : 0;
}
/// Scales of each bucket.
constexpr unsigned scales_each(ValueCodec codec) {
  if (codec == ValueCodec::two_means) return 2;
  const bool one = codec >= ValueCodec::ternary && codec <= ValueCodec::common;
  return codec == ValueCodec::scaled_sign || one ? 1 : 0;
}
/// Bits for 2 s + 1 signed levels: 4 for s = 7.
constexpr unsigned level_width(std::uint32_t s) { return static_cast<unsigned>(std::bit_width(2 * s)); }
/// Bits of one value, 0 where it depends on the value, or there is none. Five values of base 3 take 8.
unsigned value_bits(const ValueCoding& coding);
/// Bits of so many values; exact, where value_bits is not 0.
std::uint64_t values_bits(const ValueCoding& coding, std::uint64_t count);

/// IEEE 754 binary16, rounded to nearest even. Beyond +-65504 it saturates (a residual keeps the rest); a NaN
/// stays one.
std::uint16_t to_half(float value);
float from_half(std::uint16_t bits);
/// The upper half of an fp32, rounded to nearest even; saturates.
std::uint16_t to_bfloat(float value);
inline float from_bfloat(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
/// Sign and exponent of a power of two or 0. Infinities have none.
inline std::uint32_t to_natural(float power) { return std::bit_cast<std::uint32_t>(power) >> 23; }
inline float from_natural(std::uint32_t bits) { return std::bit_cast<float>(bits << 23); }

/// A value on the wire, and back, for the codecs of floating point.
std::uint32_t to_bits(float value, ValueCodec codec);
float from_bits(std::uint32_t bits, ValueCodec codec);

/// Symbols of `common` are the bits of a float, or one of these, which are no numbers.
inline constexpr std::uint32_t kPlusScale = 0x7fc00001U;
inline constexpr std::uint32_t kMinusScale = 0xffc00001U;

/// What a symbol stands for, given its bucket's scales. Symbols: sign, scaled_sign, two_means 0 or 1 (1 is
/// negative); ternary 0, 1, 2; signed levels; bits for the codecs of floating point.
float value_of(std::int32_t symbol, const ValueCoding& coding, const float* scales);

}  // namespace telegrad::codecs
