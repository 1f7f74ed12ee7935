#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "sim/core/errors.h"

namespace telegrad::codecs {

static_assert(std::endian::native == std::endian::little, "blocks are little endian and copied as they are");

/// Bits of one index among `coordinates`: max(1, ceil(log2)), computed on integers.
constexpr unsigned index_bits(std::uint64_t coordinates) {
  return coordinates <= 2 ? 1U : static_cast<unsigned>(std::bit_width(coordinates - 1));
}

/// Stream bit i is bit i mod 8 of byte i / 8. Integers go least significant bit first.
class BitWriter final {
 public:
  explicit BitWriter(std::span<std::byte> into) : into_(into) {}

  /// Appends the lowest `bits` (at most 32) of value; running out of room is our bug.
  void put(std::uint64_t value, unsigned bits) {
    held_ |= (value & ((std::uint64_t{1} << bits) - 1)) << count_;
    count_ += bits;
    if (count_ < 32) return;
    expect(at_ + 4 <= into_.size(), "room for the bits");
    auto word = static_cast<std::uint32_t>(held_);
    std::memcpy(into_.data() + at_, &word, sizeof word);
    at_ += sizeof word;
    held_ >>= 32;
    count_ -= 32;
  }

  /// Pads to a byte with zeros and returns the number of bytes written.
  std::size_t finish() {
    for (; count_ > 0; count_ -= count_ < 8 ? count_ : 8) {
      expect(at_ < into_.size(), "room for the last bits");
      into_[at_++] = static_cast<std::byte>(held_ & 0xff);
      held_ >>= 8;
    }
    return at_;
  }

 private:
  std::span<std::byte> into_;
  std::size_t at_ = 0;
  std::uint64_t held_ = 0;
  unsigned count_ = 0;
};

/// Reads what BitWriter wrote; past the end it yields zeros and says so by `exhausted`.
class BitReader final {
 public:
  explicit BitReader(std::span<const std::byte> from) : from_(from) {}

  /// Skips to this bit of the stream.
  void seek(std::uint64_t bit) { bit_ = bit; }

  std::uint32_t take(unsigned bits) {
    std::uint64_t end = bit_ + bits;
    if (end > from_.size() * std::uint64_t{8}) {
      exhausted_ = true;
      return 0;
    }
    std::size_t byte = static_cast<std::size_t>(bit_ / 8);
    std::uint64_t word = 0;
    std::memcpy(&word, from_.data() + byte, from_.size() - byte < 8 ? from_.size() - byte : 8);
    word >>= bit_ % 8;
    bit_ = end;
    return static_cast<std::uint32_t>(word & ((std::uint64_t{1} << bits) - 1));
  }

  bool exhausted() const { return exhausted_; }

 private:
  std::span<const std::byte> from_;
  std::uint64_t bit_ = 0;
  bool exhausted_ = false;
};

}  // namespace telegrad::codecs
