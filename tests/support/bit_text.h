#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/codecs/bits.h"

namespace telegrad::testing_support {

/// What a writer wrote, to look at.
struct BitText {
  std::vector<std::byte> bytes;

  std::string bits(std::size_t count) const {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += ((std::to_integer<unsigned>(bytes.at(i / 8)) >> (i % 8)) & 1U) != 0 ? '1' : '0';
    }
    return text;
  }
  std::string hex() const {
    std::string text;
    for (std::byte byte : bytes) {
      constexpr const char* kDigits = "0123456789abcdef";
      text += kDigits[std::to_integer<unsigned>(byte) >> 4];
      text += kDigits[std::to_integer<unsigned>(byte) & 0xf];
    }
    return text;
  }
};

inline BitText written(const std::function<void(codecs::BitWriter&)>& write) {
  BitText out;
  out.bytes.resize(1 << 17);
  codecs::BitWriter writer(out.bytes);
  write(writer);
  out.bytes.resize(writer.finish());
  return out;
}

}  // namespace telegrad::testing_support
