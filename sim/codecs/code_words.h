#pragma once

#include <cstdint>

#include "sim/codecs/bits.h"

namespace telegrad::codecs {

/// Elias's universal codes of integers n >= 1 (Elias 1975). gamma: as many zeros as n has bits behind the first,
/// then n. delta: the bits of n as gamma, then n without its first bit. omega: groups of bits, each the length
/// of the next less one, then a 0.
enum class Elias : std::uint8_t { gamma, delta, omega };

unsigned elias_bits(Elias code, std::uint32_t n);
void put_elias(BitWriter& writer, Elias code, std::uint32_t n);
/// 0 for bits that are no code word of a number below 2^32.
std::uint32_t take_elias(BitReader& reader, Elias code);

/// Golomb-Rice: n >> parameter as ones and a zero, then the lowest `parameter` bits. n >= 0. (Rice, Plaunt 1971)
constexpr std::uint64_t rice_bits(std::uint32_t n, unsigned parameter) {
  return std::uint64_t{n >> parameter} + 1 + parameter;
}
void put_rice(BitWriter& writer, std::uint32_t n, unsigned parameter);
std::uint64_t take_rice(BitReader& reader, unsigned parameter);

}  // namespace telegrad::codecs
