#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "sim/core/wide.h"

namespace telegrad::training::kernels {

/// Bytes of so many codes of `width` bits, the last byte filled with zeros.
constexpr std::size_t packed_bytes(std::size_t codes, unsigned width) { return (codes * width + 7) / 8; }

constexpr unsigned kWidest = 16;  // bits of a code

/// Code i at stream bits [i width, (i + 1) width), least significant bit first; stream bit j is bit j mod 8 of byte
/// j / 8. `into` has packed_bytes(codes.size(), width) bytes; each code is below 2^width, width in [1, 16].
void pack_codes(std::span<const std::uint32_t> codes, unsigned width, std::span<std::byte> into);
void unpack_codes(std::span<const std::byte> from, unsigned width, std::span<std::uint32_t> codes);

/// Two codes side by side in the lower half of each word: arithmetic on whole vectors.
template <unsigned Width>
TELEGRAD_INLINE void pair_up(const std::uint32_t* codes, std::size_t pairs, std::uint64_t* into) {
  for (std::size_t i = 0; i < pairs; ++i) {
    std::uint64_t two = 0;
    std::memcpy(&two, codes + 2 * i, sizeof two);
    into[i] = (two | (two >> (32 - Width))) & 0xffffffffU;
  }
}

/// Eight codes, in four pairs, fill `Width` bytes.
template <unsigned Width>
TELEGRAD_INLINE void pack_eight(const std::uint64_t* pairs, std::byte* into) {
  std::uint64_t low = pairs[0] | (pairs[1] << (2 * Width));
  std::uint64_t high = pairs[2] | (pairs[3] << (2 * Width));
  if constexpr (Width <= 8) {
    low |= high << (4 * Width);
    std::memcpy(into, &low, Width);
  } else {
    std::uint64_t words[2] = {low, high};
    if constexpr (Width < 16) {
      words[0] |= high << (4 * Width);
      words[1] = high >> (64 - 4 * Width);
    }
    std::memcpy(into, words, Width);
  }
}

/// Packs what `code(i)` yields for i in [0, count): chunks stay in the nearest cache between the loops, of which the
/// compiler turns the first two into vectors.
template <unsigned Width, class Code>
TELEGRAD_INLINE void pack_each(std::size_t count, std::byte* into, Code code) {
  constexpr std::size_t kChunk = 512;
  alignas(64) std::uint32_t codes[kChunk];
  alignas(64) std::uint64_t pairs[kChunk / 2];
  std::size_t first = 0;
  for (; first + kChunk <= count; first += kChunk, into += kChunk / 8 * Width) {
    for (std::size_t i = 0; i < kChunk; ++i) codes[i] = code(first + i);
    pair_up<Width>(codes, kChunk / 2, pairs);
    for (std::size_t i = 0; i < kChunk / 8; ++i) pack_eight<Width>(pairs + 4 * i, into + Width * i);
  }
  std::size_t rest = count - first;
  if (rest == 0) return;
  for (std::size_t i = 0; i < rest; ++i) codes[i] = code(first + i);
  for (std::size_t i = rest; i % 8 != 0; ++i) codes[i] = 0;
  pair_up<Width>(codes, (rest + 7) / 8 * 4, pairs);
  std::byte last[kChunk / 8 * Width];
  for (std::size_t i = 0; i < rest; i += 8) pack_eight<Width>(pairs + i / 2, last + i / 8 * Width);
  std::memcpy(into, last, packed_bytes(rest, Width));
}

/// Reads 8 or 16 bytes, of which eight codes fill `Width`.
template <unsigned Width>
TELEGRAD_INLINE void unpack_eight(const std::byte* from, std::uint32_t* codes) {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << Width) - 1;
  std::uint64_t words[2] = {0, 0};
  std::memcpy(words, from, Width <= 8 ? 8 : 16);
  std::uint64_t high = words[0] >> (4 * Width % 64);
  if constexpr (Width == 16) high = words[1];
  if constexpr (Width > 8 && Width < 16) high |= words[1] << (64 - 4 * Width);
  for (unsigned i = 0; i < 4; ++i) {
    codes[i] = static_cast<std::uint32_t>((words[0] >> (i * Width)) & kMask);
    codes[i + 4] = static_cast<std::uint32_t>((high >> (i * Width)) & kMask);
  }
}

/// Hands `take(i, code)` all codes in turn.
template <unsigned Width, class Take>
TELEGRAD_INLINE void unpack_each(const std::byte* from, std::size_t count, Take take) {
  constexpr std::size_t kChunk = 512;
  constexpr std::size_t kBeyond =
      128;  // codes that fill 16 bytes at any width: room for the last read of a chunk
  std::uint32_t codes[kChunk + kBeyond];
  std::size_t first = 0;
  for (; count - first >= kChunk + kBeyond; first += kChunk, from += kChunk / 8 * Width) {
    for (std::size_t i = 0; i < kChunk / 8; ++i) unpack_eight<Width>(from + Width * i, codes + 8 * i);
    for (std::size_t i = 0; i < kChunk; ++i) take(first + i, codes[i]);
  }
  std::size_t rest = count - first;
  if (rest == 0) return;
  std::byte last[(kChunk + kBeyond) / 8 * Width + 16];
  std::size_t bytes = packed_bytes(rest, Width);
  std::memcpy(last, from, bytes);
  std::memset(last + bytes, 0, 16);
  for (std::size_t i = 0; i < rest; i += 8) unpack_eight<Width>(last + i / 8 * Width, codes + i);
  for (std::size_t i = 0; i < rest; ++i) take(first + i, codes[i]);
}

/// visit.template operator()<width>() for a width known only at run time.
template <unsigned Width = 1, class Visit>
void with_width(unsigned width, Visit visit) {
  if (width == Width) return visit.template operator()<Width>();
  if constexpr (Width < kWidest) with_width<Width + 1>(width, visit);
}

}  // namespace telegrad::training::kernels
