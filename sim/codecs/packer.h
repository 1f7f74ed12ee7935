#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/block.h"
#include "sim/core/payload.h"

namespace telegrad::codecs {

/// Writes blocks of at most `limit` bytes one behind the other and makes a payload of them.
class Packer final {
 public:
  explicit Packer(std::uint32_t limit) : limit_(limit) {}

  /// Coordinates [first, first + values.size()) with all their values.
  void dense(BlockHeader header, std::uint32_t first, std::span<const float> values);

  /// The entries of [first, end) in a unit of this size. The first block covers from `first`, the last up to
  /// `end`; without entries, one block says so.
  void sparse(BlockHeader header, std::uint32_t unit_size, std::uint32_t first, std::uint32_t end,
              std::span<const std::uint32_t> indices, std::span<const float> values);

  /// What was written since the last call is one piece.
  void end_piece() { pieces_.push_back(ends_.size()); }

  /// Fills all pieces up to the same number of blocks with empty ones.
  Payload finish() &&;

 private:
  std::span<std::byte> open(const BlockHeader& header, std::size_t body);
  std::uint32_t fitting(unsigned entry_bits) const;

  std::uint32_t limit_;
  std::uint64_t information_bits_ = 0;
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> ends_;    // of blocks, in bytes
  std::vector<std::size_t> pieces_;  // ends of pieces, in blocks
};

}  // namespace telegrad::codecs
