#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/bits.h"
#include "sim/codecs/header.h"

namespace telegrad::codecs {

/// A run of coordinates that is compressed on its own: a tensor, a bucket, or the whole vector. Sender and
/// receiver know the units from the model; they lie side by side and cover [0, d).
struct Unit {
  std::uint32_t first = 0;
  std::uint32_t size = 0;
};

/// The whole vector of d coordinates as one unit.
inline std::vector<Unit> whole(std::uint32_t coordinates) { return {Unit{0, coordinates}}; }

/// A block whose bytes were checked: every index and value can be read.
struct BlockView {
  BlockHeader header;
  std::span<const std::byte> body;
  unsigned index_bits = 0;  // of one entry, 0 for a dense block
};

/// Checks a block completely: length to the byte, its place in its unit, rising indices, zero padding. Reads
/// nothing beyond `bytes`, whatever they are.
[[nodiscard]] DecodeError open_block(std::span<const std::byte> bytes, std::span<const Unit> units,
                                     BlockView& view);

/// Calls visit(coordinate, value) for each entry in order.
template <class Visit>
void for_each_entry(const BlockView& view, Visit visit);

/// into[coordinate] += factor * value for each entry; into: [d].
void add_block(const BlockView& view, std::span<float> into, float factor);

/// Entries that fit in a block of `limit` bytes (at most 65535; 0 where not even one fits).
std::uint32_t capacity(std::uint32_t limit, unsigned bits_per_entry);

/// Bytes of a block of so many entries.
constexpr std::size_t block_bytes(std::uint64_t entries, unsigned bits_per_entry) {
  return kHeaderBytes + static_cast<std::size_t>((entries * bits_per_entry + 7) / 8);
}

template <class Visit>
void for_each_entry(const BlockView& view, Visit visit) {
  const BlockHeader& header = view.header;
  unsigned bits = value_bits(header.value_codec);
  BitReader indices(view.body);
  BitReader values(view.body);
  values.seek(std::uint64_t{header.count} * view.index_bits);
  for (std::uint32_t i = 0; i < header.count; ++i) {
    std::uint32_t offset = view.index_bits == 0 ? i : indices.take(view.index_bits);
    visit(header.first + offset, from_bits(values.take(bits), header.value_codec));
  }
}

}  // namespace telegrad::codecs
