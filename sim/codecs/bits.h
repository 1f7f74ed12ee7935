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

/// The lowest `bits` of value in the opposite order.
constexpr std::uint32_t reversed(std::uint32_t value, unsigned bits) {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < bits; ++i) result |= ((value >> i) & 1U) << (bits - 1 - i);
  return result;
}

/// Stream bit i is bit i mod 8 of byte i / 8. Integers go least significant bit first, code words most
/// significant bit first.
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

  /// Appends the lowest `bits` (at most 32) of value, the highest of them first.
  void put_word(std::uint32_t value, unsigned bits) { put(reversed(value, bits), bits); }

  /// Appends so many equal bits.
  void put_run(bool bit, std::uint64_t count) {
    for (; count >= 32; count -= 32) put(bit ? ~0U : 0U, 32);
    put(bit ? ~0U : 0U, static_cast<unsigned>(count));
  }

  /// The rest of the room where the stream stands at a byte, for writers of their own; they fill all of it.
  std::span<std::byte> whole_bytes(std::size_t size) {
    expect(count_ % 8 == 0, "a stream at a byte");
    finish();
    expect(at_ + size <= into_.size(), "room for the bytes");
    at_ += size;
    return into_.subspan(at_ - size, size);
  }
  bool at_byte() const { return count_ % 8 == 0; }

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
  std::uint64_t position() const { return bit_; }

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

  /// What put_word wrote.
  std::uint32_t take_word(unsigned bits) { return reversed(take(bits), bits); }

  /// How many bits equal `bit` come next; the first other one is taken too.
  std::uint64_t take_run(bool bit) {
    std::uint64_t run = 0;
    while (!exhausted_ && (take(1) != 0) == bit) {
      if (!exhausted_) ++run;
    }
    return run;
  }

  bool exhausted() const { return exhausted_; }

 private:
  std::span<const std::byte> from_;
  std::uint64_t bit_ = 0;
  bool exhausted_ = false;
};

}  // namespace telegrad::codecs
