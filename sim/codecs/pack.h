#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/block.h"
#include "sim/core/payload.h"

namespace telegrad::codecs {

/// What all blocks of a packed run share; `first`, `span` and `count` are filled in here.
struct Stamp {
  MethodId method = MethodId::dense;
  ValueCodec value_codec = ValueCodec::fp32;
  std::uint8_t flags = 0;
  std::uint32_t worker = 0;  // or the weight of a folded run
  std::uint16_t unit = 0;
};

/// Writes blocks of at most `limit` bytes one behind the other and makes a payload of them. A limit that does
/// not hold one entry behind a header throws RunError.
class Packer final {
 public:
  explicit Packer(std::uint32_t limit) : limit_(limit) {}

  /// Coordinates [first, first + values.size()) with all their values. An empty run makes one empty block.
  void dense(const Stamp& stamp, std::uint32_t first, std::span<const float> values);

  /// The entries of coordinates [first, end) of a unit: indices rise and lie in it, values beside them. The
  /// first block covers from `first`, the last up to `end`. Without entries, one block says so.
  void sparse(const Stamp& stamp, const Unit& unit, std::uint32_t first, std::uint32_t end,
              std::span<const std::uint32_t> indices, std::span<const float> values);

  /// Fills up with empty blocks to this number.
  void pad(const Stamp& stamp, std::size_t blocks, std::uint32_t at);

  std::size_t blocks() const { return ends_.size(); }
  std::uint64_t information_bits() const { return information_bits_; }
  Payload finish() &&;

 private:
  std::span<std::byte> open(const BlockHeader& header, std::size_t body);
  std::uint32_t fitting(unsigned entry_bits) const;

  std::uint32_t limit_;
  std::uint64_t information_bits_ = 0;
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> ends_;
};

}  // namespace telegrad::codecs
