#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/payload.h"

namespace telegrad::exchanges {

/// In the place of a count: it follows in four bytes.
inline constexpr std::uint64_t kLong = 0xFFFF;

/// Writes control bytes, little endian.
class ControlWriter final {
 public:
  void put(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
  }
  /// A count or a length: u16, from 0xFFFF on 0xFFFF and u32.
  void put_count(std::uint64_t count) {
    if (count < kLong) return put(count, 2);
    put(kLong, 2);
    put(count, 4);
  }
  void put(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  Block finish() && { return Block::of(std::move(bytes_)); }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads them; past the end it gives 0, and is no longer good.
class ControlReader final {
 public:
  explicit ControlReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint64_t take(std::size_t count) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (std::byte byte : skip(count)) value |= std::to_integer<std::uint64_t>(byte) << (8 * shift++);
    return value;
  }
  std::uint64_t take_count() {
    const std::uint64_t count = take(2);
    return count == kLong ? take(4) : count;
  }
  /// The next `count` bytes, none where there are fewer.
  std::span<const std::byte> skip(std::size_t count) {
    if (count > bytes_.size()) {
      good_ = false;
      return {};
    }
    const auto next = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return next;
  }
  bool good() const { return good_; }
  bool finished() const { return good_ && bytes_.empty(); }

 private:
  std::span<const std::byte> bytes_;
  bool good_ = true;
};

}  // namespace telegrad::exchanges
