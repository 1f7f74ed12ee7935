#include "sim/codecs/value_stream.h"

#include <algorithm>
#include <cstdlib>

#include "sim/codecs/code_words.h"

namespace telegrad::codecs {
namespace {

/// Levels of width w lie in [-(2^(w-1) - 1), 2^(w-1) - 1] and travel with this added.
std::int32_t offset_of(const ValueCoding& coding) {
  return coding.width == 0 ? 0 : static_cast<std::int32_t>((std::uint32_t{1} << (coding.width - 1)) - 1);
}

void write_base3(BitWriter& writer, std::span<const std::int32_t> symbols) {
  for (std::size_t from = 0; from < symbols.size(); from += 5) {
    std::uint32_t five = 0;
    for (std::size_t i = std::min(from + 5, symbols.size()); i-- > from;) {
      five = 3 * five + static_cast<std::uint32_t>(symbols[i]);
    }
    writer.put(five, 8);
  }
}

std::uint32_t magnitude(std::int32_t level) { return static_cast<std::uint32_t>(std::abs(level)); }

}  // namespace

void FloatSource::write(BitWriter& writer, std::size_t from, std::size_t count) const {
  const auto values = values_.subspan(from, count);
  const ValueCodec codec = coding().codec;
  if (codec == ValueCodec::fp32 && writer.at_byte()) {
    auto room = writer.whole_bytes(values.size_bytes());
    if (!values.empty()) std::memcpy(room.data(), values.data(), values.size_bytes());
    return;
  }
  const unsigned bits = value_bits(codec);
  for (float value : values) writer.put(to_bits(value, codec), bits);
}

std::uint64_t SymbolSource::bits(std::size_t from, std::size_t count) const {
  if (coding().codec != ValueCodec::levels_elias) return values_bits(coding(), count);
  std::uint64_t sum = 0;
  for (std::int32_t level : symbols_.subspan(from, count)) {
    sum += elias_bits(Elias::omega, magnitude(level) + 1) + (level == 0 ? 0 : 1);
  }
  return sum;
}

void SymbolSource::write(BitWriter& writer, std::size_t from, std::size_t count) const {
  const auto symbols = symbols_.subspan(from, count);
  if (coding().codec == ValueCodec::ternary_base3) return write_base3(writer, symbols);
  if (coding().codec == ValueCodec::levels_elias) {
    for (std::int32_t level : symbols) {
      put_elias(writer, Elias::omega, magnitude(level) + 1);
      if (level != 0) writer.put(level < 0 ? 1 : 0, 1);
    }
    return;
  }
  const unsigned bits = value_bits(coding());
  const std::int32_t offset = offset_of(coding());
  for (std::int32_t symbol : symbols) writer.put(static_cast<std::uint32_t>(symbol + offset), bits);
}

std::uint64_t CommonSource::information_bits(std::size_t from, std::size_t count) const {
  std::uint64_t sum = 0;
  for (std::uint32_t symbol : symbols_.subspan(from, count)) {
    sum += symbol == kPlusScale || symbol == kMinusScale ? 1 : 32;
  }
  return sum;
}

void CommonSource::write(BitWriter& writer, std::size_t from, std::size_t count) const {
  for (std::uint32_t symbol : symbols_.subspan(from, count)) {
    const bool common = symbol == kPlusScale || symbol == kMinusScale;
    writer.put(common ? 0 : 1, 1);
    if (common) {
      writer.put(symbol == kMinusScale ? 1 : 0, 1);
    } else {
      writer.put(symbol, 32);
    }
  }
}

SymbolReader::SymbolReader(std::span<const std::byte> body, std::uint64_t from_bit, const ValueCoding& coding)
    : reader_(body), coding_(coding), bits_(value_bits(coding)), offset_(offset_of(coding)) {
  reader_.seek(from_bit);
}

std::int32_t SymbolReader::next_of_five() {
  if (left_of_five_ == 0) {
    five_ = reader_.take(8);
    left_of_five_ = 5;
    broken_ = broken_ || five_ >= 243;
  }
  --left_of_five_;
  auto symbol = static_cast<std::int32_t>(five_ % 3);
  five_ /= 3;
  return symbol;
}

std::int32_t SymbolReader::next_elias() {
  std::uint32_t above = take_elias(reader_, Elias::omega);
  broken_ = broken_ || above == 0 || above > 0x7fffffffU;
  if (broken_ || above == 1) return 0;
  auto level = static_cast<std::int32_t>(above - 1);
  return reader_.take(1) == 1 ? -level : level;
}

std::int32_t SymbolReader::next() {
  if (coding_.codec == ValueCodec::levels_elias) return next_elias();
  if (coding_.codec == ValueCodec::ternary_base3) return next_of_five();
  if (coding_.codec == ValueCodec::common) {
    if (reader_.take(1) == 1) return static_cast<std::int32_t>(reader_.take(32));
    return static_cast<std::int32_t>(reader_.take(1) == 1 ? kMinusScale : kPlusScale);
  }
  std::uint32_t bits = reader_.take(bits_);
  if (coding_.codec == ValueCodec::ternary) broken_ = broken_ || bits == 3;
  auto symbol = static_cast<std::int32_t>(bits) - offset_;
  if (coding_.width > 0) broken_ = broken_ || symbol > offset_;
  if (coding_.codec == ValueCodec::dithered) broken_ = broken_ || std::abs(symbol) > int{coding_.levels};
  return symbol;
}

}  // namespace telegrad::codecs
