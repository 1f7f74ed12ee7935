#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/codecs/index_codec.h"
#include "sim/codecs/values.h"

namespace telegrad::codecs {

/// Two forms of one header. plain: 20 bytes at fixed offsets, little endian:
///   0 version 1 (high nibble), flags (low) | 1 method | 2 index codec | 3 value codec | 4..7 worker or weight
///   8..9 unit | 10..11 entries | 12..15 first coordinate | 16..19 span
/// compact, for frames of some tens of bytes: version 2 and flags | method | index codec (high nibble), value codec
/// (low) | worker, unit, entries, first, span as integers of seven bits a byte, lowest first, the highest bit set
/// where more follow.
enum class HeaderForm : std::uint8_t { plain = 1, compact = 2 };
inline constexpr std::size_t kHeaderBytes = 20;  // of the plain form
/// Links whose blocks are at most so long get compact headers.
inline constexpr std::uint32_t kCompactLimit = 96;

/// The method's number in its registry, for whoever looks at a trace; nothing is decoded by it. 0: folded.
using MethodId = std::uint8_t;
inline constexpr MethodId kFoldedMethod = 0;

/// Flags of a header.
inline constexpr std::uint8_t kFolded = 1;  // `worker` is the sum of the contributors' weights
inline constexpr std::uint8_t kMean = 2;    // values are the sum divided by that weight
inline constexpr std::uint8_t kZstd = 4;    // the body is its length (4 bytes) and a zstd frame

/// What every block says of itself.
struct BlockHeader {
  std::uint8_t flags = 0;
  MethodId method = kFoldedMethod;
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
  unknown_codec,    // flag, index or value codec, or a parameter of one
  out_of_range,     // outside its unit, or the unit does not exist, or no value of its codec
  unsorted,         // indices do not rise, or padding is not zero
  bad_compression,  // no zstd frame of the length that it states
};

const char* to_string(DecodeError error);

std::size_t header_bytes(const BlockHeader& header, HeaderForm form);
/// into: header_bytes long.
void write_header(const BlockHeader& header, HeaderForm form, std::span<std::byte> into);

/// Checks version, flags and codes; ranges are checked by open_block, which knows the units. `size`: of the
/// header.
[[nodiscard]] DecodeError read_header(std::span<const std::byte> bytes, BlockHeader& header,
                                      std::size_t& size);

}  // namespace telegrad::codecs
