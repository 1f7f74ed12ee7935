#include "training/kernels/ternary.h"

#include <algorithm>
#include <array>

#include "sim/core/errors.h"
#include "training/kernels/codes.h"
#include "training/kernels/elements.h"
#include "training/kernels/uniforms.h"

namespace telegrad::training::kernels {
namespace {

struct Pack {
  static TELEGRAD_INLINE void run(const float* values, const float* uniforms, float scale, std::size_t count,
                                  std::byte* into) {
    pack_each<2>(count, into,
                 [=](std::size_t i) TELEGRAD_INLINED { return ternary_code(values[i], uniforms[i], scale); });
  }
};

struct PackBase3 {
  static TELEGRAD_INLINE void run(const float* values, const float* uniforms, float scale, std::size_t count,
                                  std::byte* into) {
    constexpr std::size_t kChunk = 640;
    std::uint32_t codes[kChunk];
    for (std::size_t first = 0; first < count; first += kChunk) {
      std::size_t length = count - first < kChunk ? count - first : kChunk;
      for (std::size_t i = 0; i < length; ++i) {
        codes[i] = ternary_code(values[first + i], uniforms[first + i], scale);
      }
      for (std::size_t i = length; i % 5 != 0; ++i) codes[i] = 0;
      for (std::size_t i = 0; i < length; i += 5) {
        *into++ = static_cast<std::byte>(
            codes[i] + 3 * (codes[i + 1] + 3 * (codes[i + 2] + 3 * (codes[i + 3] + 3 * codes[i + 4]))));
      }
    }
  }
};

struct Add {
  static TELEGRAD_INLINE void run(const std::byte* from, float scale, float* into, std::size_t count) {
    unpack_each<2>(from, count, [=](std::size_t i, std::uint32_t code) TELEGRAD_INLINED {
      into[i] += static_cast<float>(static_cast<std::int32_t>(code) - 1) * scale;
    });
  }
};

void check(std::span<const float> values, std::span<const float> uniforms, std::size_t bytes,
           std::size_t expected) {
  expect(uniforms.size() == values.size() && bytes == expected, "a uniform and a code for each entry");
}

/// The five codes of each byte.
constexpr auto kDigits = [] {
  std::array<std::array<std::int8_t, 5>, 243> digits{};
  for (unsigned byte = 0; byte < 243; ++byte) {
    unsigned rest = byte;
    for (std::int8_t& digit : digits[byte]) digit = static_cast<std::int8_t>(rest % 3), rest /= 3;
  }
  return digits;
}();

}  // namespace

void pack_ternary(std::span<const float> values, std::span<const float> uniforms, float scale,
                  std::span<std::byte> into) {
  check(values, uniforms, into.size(), ternary_bytes(values.size()));
  dispatch<Pack>(values.data(), uniforms.data(), scale, values.size(), into.data());
}

void pack_ternary_base3(std::span<const float> values, std::span<const float> uniforms, float scale,
                        std::span<std::byte> into) {
  check(values, uniforms, into.size(), ternary_base3_bytes(values.size()));
  dispatch<PackBase3>(values.data(), uniforms.data(), scale, values.size(), into.data());
}

void pack_ternary(std::span<const float> values, Stream& random, float scale, std::span<std::byte> into) {
  with_uniforms(random, values.size(), [&](std::size_t first, std::span<const float> uniforms) {
    std::size_t count = uniforms.size();
    pack_ternary(values.subspan(first, count), uniforms, scale,
                 into.subspan(ternary_bytes(first), ternary_bytes(count)));
  });
}

void pack_ternary_base3(std::span<const float> values, Stream& random, float scale,
                        std::span<std::byte> into) {
  with_uniforms(random, values.size(), [&](std::size_t first, std::span<const float> uniforms) {
    std::size_t count = uniforms.size();
    pack_ternary_base3(values.subspan(first, count), uniforms, scale,
                       into.subspan(ternary_base3_bytes(first), ternary_base3_bytes(count)));
  });
}

bool add_ternary(std::span<const std::byte> from, float scale, std::span<float> into) {
  expect(from.size() == ternary_bytes(into.size()), "a code for each entry");
  unsigned threes = 0;
  for (std::byte byte : from) {
    auto bits = std::to_integer<unsigned>(byte);
    threes |= bits & (bits >> 1) & 0x55U;
  }
  if (threes != 0) return false;
  dispatch<Add>(from.data(), scale, into.data(), into.size());
  return true;
}

bool add_ternary_base3(std::span<const std::byte> from, float scale, std::span<float> into) {
  expect(from.size() == ternary_base3_bytes(into.size()), "a code for each entry");
  if (std::any_of(from.begin(), from.end(), [](std::byte byte) { return byte > std::byte{242}; }))
    return false;
  for (std::size_t i = 0; i < into.size(); ++i) {
    std::int8_t digit = kDigits[std::to_integer<std::size_t>(from[i / 5])][i % 5];
    into[i] += static_cast<float>(digit - 1) * scale;
  }
  return true;
}

}  // namespace telegrad::training::kernels
