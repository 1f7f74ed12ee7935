#include "sim/codecs/code_words.h"

#include <array>

namespace telegrad::codecs {
namespace {

unsigned width(std::uint32_t n) { return static_cast<unsigned>(std::bit_width(n)); }

void put_omega(BitWriter& writer, std::uint32_t n) {
  std::array<std::uint32_t, 6> groups{};
  unsigned count = 0;
  for (; n > 1; n = width(n) - 1) groups[count++] = n;
  while (count > 0) {
    --count;
    writer.put_word(groups[count], width(groups[count]));
  }
  writer.put(0, 1);
}

std::uint32_t take_omega(BitReader& reader) {
  std::uint32_t n = 1;
  while (reader.take(1) == 1) {
    if (n > 31) return 0;
    n = (1U << n) | reader.take_word(n);
    if (reader.exhausted()) return 0;
  }
  return reader.exhausted() ? 0 : n;
}

std::uint32_t take_gamma(BitReader& reader) {
  std::uint64_t more = reader.take_run(false);
  if (reader.exhausted() || more > 31) return 0;
  auto bits = static_cast<unsigned>(more);
  std::uint32_t n = (1U << bits) | reader.take_word(bits);
  return reader.exhausted() ? 0 : n;
}

std::uint32_t take_delta(BitReader& reader) {
  std::uint32_t length = take_gamma(reader);
  if (length == 0 || length > 32) return 0;
  std::uint32_t n = (1U << (length - 1)) | reader.take_word(length - 1);
  return reader.exhausted() ? 0 : n;
}

}  // namespace

unsigned elias_bits(Elias code, std::uint32_t n) {
  switch (code) {
    case Elias::gamma: return 2 * width(n) - 1;
    case Elias::delta: return 2 * width(width(n)) - 1 + width(n) - 1;
    case Elias::omega: break;
  }
  unsigned bits = 1;
  for (; n > 1; n = width(n) - 1) bits += width(n);
  return bits;
}

void put_elias(BitWriter& writer, Elias code, std::uint32_t n) {
  expect(n > 0, "Elias codes begin at 1");
  if (code == Elias::omega) return put_omega(writer, n);
  if (code == Elias::gamma) {
    writer.put_run(false, width(n) - 1);
    writer.put_word(n, width(n));
  } else {
    put_elias(writer, Elias::gamma, width(n));
    writer.put_word(n, width(n) - 1);
  }
}

std::uint32_t take_elias(BitReader& reader, Elias code) {
  switch (code) {
    case Elias::gamma: return take_gamma(reader);
    case Elias::delta: return take_delta(reader);
    case Elias::omega: break;
  }
  return take_omega(reader);
}

void put_rice(BitWriter& writer, std::uint32_t n, unsigned parameter) {
  writer.put_run(true, n >> parameter);
  writer.put(0, 1);
  writer.put_word(n, parameter);
}

std::uint64_t take_rice(BitReader& reader, unsigned parameter) {
  std::uint64_t quotient = reader.take_run(true);
  return (quotient << parameter) | reader.take_word(parameter);
}

}  // namespace telegrad::codecs
