#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/codecs/bits.h"

namespace telegrad::codecs {

/// How the indices of a block travel; the number stands in the block header. Gaps are those between successive
/// indices, the first counted from one before the block's first coordinate, so all are at least 1.
enum class IndexCodec : std::uint8_t {
  none = 0,         // every coordinate of the span has a value
  fixed = 1,        // index - first in index_bits(coordinates of the unit) bits
  fixed_local = 2,  // index - first in index_bits(span) bits
  bitmap = 3,       // a bit for each coordinate of the span
  rle16 = 4,        // zeros before each entry as 16 bits; 65535: so many zeros and no entry
  gamma = 5,        // gaps in Elias's codes
  delta = 6,
  omega = 7,
  rice = 8,     // gap - 1 in Golomb-Rice code, its parameter in a byte at the start of the block's body
  factors = 9,  // no indices: the values are factors of a tile of a matrix (factors.h)
};
inline constexpr IndexCodec kLastIndexCodec = IndexCodec::rice;  // of those that say where each value lies

/// What a sender asks for: one codec for all blocks, or for each block the smallest.
struct IndexChoice {
  IndexCodec codec = IndexCodec::fixed;
  bool smallest = false;
};

/// The names that scenarios use, "fixed" first, "auto" last.
const std::vector<std::string>& index_choices();
IndexChoice index_choice(const std::string& name);

/// The indices of one block: rising, all in [first, first + span), of a unit with so many coordinates.
struct IndexRun {
  std::span<const std::uint32_t> indices;
  std::uint32_t first = 0;
  std::uint32_t span = 0;
  std::uint32_t unit_size = 0;
};

/// A codec for one block, with its parameter (Rice) and the bits that it takes.
struct IndexCoding {
  IndexCodec codec = IndexCodec::none;
  std::uint8_t parameter = 0;
  std::uint64_t bits = 0;  // of the codes
};
/// The smallest Rice parameter among the best; ties between codecs go to the lower number.
IndexCoding index_coding(IndexChoice choice, const IndexRun& run);
void write_indices(BitWriter& writer, const IndexCoding& coding, const IndexRun& run);

/// Reads the indices of a block one by one, as offsets from its first coordinate.
class IndexReader final {
 public:
  IndexReader(std::span<const std::byte> body, std::uint64_t from_bit, IndexCodec codec, unsigned parameter,
              std::uint32_t span, std::uint32_t unit_size);

  /// The next offset. Beyond the last one, or where bytes make no sense, something not below the span.
  std::uint64_t next();
  /// Bits taken so far; all of the bitmap at once.
  std::uint64_t position() const { return codec_ == IndexCodec::bitmap ? bitmap_end_ : reader_.position(); }
  bool exhausted() const { return reader_.exhausted(); }

 private:
  BitReader reader_;
  IndexCodec codec_;
  unsigned width_;  // of a fixed index; the parameter of a Rice code
  std::uint64_t next_ = 0;
  std::uint64_t bitmap_end_;
};

}  // namespace telegrad::codecs
