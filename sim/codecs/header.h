#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/codecs/values.h"

namespace telegrad::codecs {

inline constexpr std::size_t kHeaderBytes = 20;
inline constexpr std::uint8_t kVersion = 1;

enum class MethodId : std::uint8_t { dense = 1, top_k = 2, folded = 3 };

/// How the indices of a block travel. none: every coordinate of the span has a value.
enum class IndexCodec : std::uint8_t { none = 0, fixed = 1 };

/// Flags of a header.
inline constexpr std::uint8_t kFolded = 1;  // `worker` is the sum of the contributors' weights
inline constexpr std::uint8_t kMean = 2;    // values were divided by that sum

/// What every block says of itself, little endian:
///   0 version (high nibble), flags (low) | 1 method | 2 index codec | 3 value codec | 4..7 worker or weight
///   8..9 unit | 10..11 entries | 12..15 first coordinate | 16..19 span
struct BlockHeader {
  std::uint8_t flags = 0;
  MethodId method = MethodId::dense;
  IndexCodec index_codec = IndexCodec::none;
  ValueCodec value_codec = ValueCodec::fp32;
  std::uint32_t worker = 0;
  std::uint16_t unit = 0;   // tensor, bucket, or 0 for the whole vector
  std::uint16_t count = 0;  // entries in this block
  std::uint32_t first = 0;  // coordinate in the whole vector
  std::uint32_t span = 0;   // coordinates covered from there

  bool folded() const { return (flags & kFolded) != 0; }
  /// How many contributions a coordinate of this block stands for.
  std::uint32_t weight() const { return folded() ? worker : 1; }
  bool operator==(const BlockHeader&) const = default;
};

/// Why bytes are no block of ours.
enum class DecodeError : std::uint8_t {
  none,
  truncated,        // shorter than the header, or than the header says
  trailing_bytes,   // longer than the header says
  unknown_version,  //
  unknown_codec,    // method, flag, index or value codec
  out_of_range,     // outside its unit, or the unit does not exist
  unsorted,         // indices do not rise, or padding is not zero
};

const char* to_string(DecodeError error);

void write_header(const BlockHeader& header, std::span<std::byte, kHeaderBytes> into);

/// Checks version, flags and codes; ranges are checked by open_block, which knows the units.
[[nodiscard]] DecodeError read_header(std::span<const std::byte> bytes, BlockHeader& header);

}  // namespace telegrad::codecs
