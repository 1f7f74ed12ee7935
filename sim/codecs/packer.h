#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/pack.h"

namespace telegrad::codecs {

/// Coordinates [first, end) of one unit with one weight.
struct Run {
  std::uint16_t unit = 0;
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  std::uint32_t weight = 0;
};

/// Writes blocks of at most `limit` bytes one behind the other and makes a payload of them.
class Packer final {
 public:
  /// All of these outlive the packer.
  Packer(std::uint32_t limit, const Stamp& stamp, std::span<const Unit> units, const ValueSource& values,
         std::span<const float> scales);

  /// All coordinates of the run; its first one is value `from`.
  void dense(const Run& run, std::size_t from);

  /// The entries of a run; indices[i] has value from + i. The first block covers from the run's first
  /// coordinate, the last one up to its end; without entries, one block says so.
  void sparse(const Run& run, std::span<const std::uint32_t> indices, std::size_t from);

  /// What was written since the last call is one piece.
  void end_piece() { pieces_.push_back(ends_.size()); }

  /// Fills all pieces up to the same number of blocks with empty ones.
  Payload finish() &&;

 private:
  struct Entries;

  BlockHeader header_of(const Run& run) const;
  std::uint64_t body_bits(const Entries& entries) const;
  Entries fitting(const Run& run, std::span<const std::uint32_t> indices, std::size_t from,
                  bool sparse) const;
  std::span<const float> scales_of(const Entries& entries) const;
  void write(BlockHeader header, const Entries& entries);
  void append(const BlockHeader& header, std::span<const std::byte> body);

  std::uint32_t limit_;
  HeaderForm form_;
  const Stamp& stamp_;
  std::span<const Unit> units_;
  const ValueSource& values_;
  std::span<const float> scales_;
  std::vector<std::size_t> first_bucket_;  // of each unit
  std::uint64_t information_bits_ = 0;
  std::vector<std::byte> bytes_;
  std::vector<std::byte> body_;
  std::vector<std::size_t> ends_;    // of blocks, in bytes
  std::vector<std::size_t> pieces_;  // ends of pieces, in blocks
};

}  // namespace telegrad::codecs
