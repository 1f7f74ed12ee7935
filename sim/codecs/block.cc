#include "sim/codecs/block.h"

#include <algorithm>
#include <cstring>

namespace telegrad::codecs {
namespace {

DecodeError check_place(const BlockHeader& header, std::span<const Unit> units) {
  if (header.unit >= units.size()) return DecodeError::out_of_range;
  const Unit& unit = units[header.unit];
  std::uint64_t end = std::uint64_t{header.first} + header.span;
  bool inside = header.first >= unit.first && end <= std::uint64_t{unit.first} + unit.size;
  bool dense = header.index_codec == IndexCodec::none;
  bool counted = dense ? header.count == header.span : header.count <= header.span;
  return inside && counted ? DecodeError::none : DecodeError::out_of_range;
}

DecodeError check_indices(const BlockView& view) {
  BitReader reader(view.body);
  std::int64_t last = -1;
  for (std::uint32_t i = 0; i < view.header.count; ++i) {
    std::int64_t offset = reader.take(view.index_bits);
    if (offset <= last) return DecodeError::unsorted;
    if (offset >= view.header.span) return DecodeError::out_of_range;
    last = offset;
  }
  return DecodeError::none;
}

DecodeError check_padding(std::span<const std::byte> body, std::uint64_t bits) {
  if (bits % 8 == 0) return DecodeError::none;
  auto unused = std::to_integer<unsigned>(body.back()) >> (bits % 8);
  return unused == 0 ? DecodeError::none : DecodeError::unsorted;
}

}  // namespace

DecodeError open_block(std::span<const std::byte> bytes, std::span<const Unit> units, BlockView& view) {
  if (auto error = read_header(bytes, view.header); error != DecodeError::none) return error;
  if (auto error = check_place(view.header, units); error != DecodeError::none) return error;
  bool dense = view.header.index_codec == IndexCodec::none;
  view.index_bits = dense ? 0 : index_bits(units[view.header.unit].size);
  unsigned entry_bits = view.index_bits + value_bits(view.header.value_codec);
  std::size_t expected = block_bytes(view.header.count, entry_bits);
  if (bytes.size() < expected) return DecodeError::truncated;
  if (bytes.size() > expected) return DecodeError::trailing_bytes;
  view.body = bytes.subspan(kHeaderBytes);
  std::uint64_t bits = std::uint64_t{view.header.count} * entry_bits;
  if (auto error = check_padding(view.body, bits); error != DecodeError::none) return error;
  return dense ? DecodeError::none : check_indices(view);
}

void add_block(const BlockView& view, std::span<float> into, float factor) {
  const BlockHeader& header = view.header;
  expect(std::uint64_t{header.first} + header.span <= into.size(), "a vector as long as the units");
  if (view.index_bits > 0 || header.value_codec != ValueCodec::fp32) {
    for_each_entry(view, [&](std::uint32_t at, float value) { into[at] += factor * value; });
    return;
  }
  float* out = into.data() + header.first;
  for (std::uint32_t i = 0; i < header.count; ++i) {
    float value = 0;
    std::memcpy(&value, view.body.data() + std::size_t{i} * sizeof value, sizeof value);
    out[i] += factor * value;
  }
}

std::uint32_t capacity(std::uint32_t limit, unsigned bits_per_entry) {
  if (limit <= kHeaderBytes) return 0;
  std::uint64_t entries = (limit - kHeaderBytes) * std::uint64_t{8} / bits_per_entry;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(entries, 65535));
}

}  // namespace telegrad::codecs
