#include "sim/codecs/block.h"

#include <zstd.h>

#include <cstring>

namespace telegrad::codecs {
namespace {

DecodeError check_place(const BlockHeader& header, std::span<const Unit> units) {
  if (header.index_codec > kLastIndexCodec) return DecodeError::unknown_codec;
  if (header.unit >= units.size()) return DecodeError::out_of_range;
  const Unit& unit = units[header.unit];
  std::uint64_t end = std::uint64_t{header.first} + header.span;
  bool inside = header.first >= unit.first && end <= std::uint64_t{unit.first} + unit.size;
  bool dense = header.index_codec == IndexCodec::none;
  bool counted = dense ? header.count == header.span : header.count <= header.span;
  return inside && counted ? DecodeError::none : DecodeError::out_of_range;
}

DecodeError inflate(std::span<const std::byte> packed, BlockView& view, std::span<const std::byte>& body) {
  std::uint32_t size = 0;
  if (packed.size() < sizeof size) return DecodeError::truncated;
  std::memcpy(&size, packed.data(), sizeof size);
  if (size > kMaxBody) return DecodeError::bad_compression;
  auto plain = std::make_shared<std::vector<std::byte>>(size);
  std::size_t got =
      ZSTD_decompress(plain->data(), size, packed.data() + sizeof size, packed.size() - sizeof size);
  if (ZSTD_isError(got) != 0 || got != size) return DecodeError::bad_compression;
  body = *plain;
  view.inflated = std::move(plain);
  return DecodeError::none;
}

/// Takes the first bytes of a body away.
bool take(std::span<const std::byte>& body, std::size_t bytes, std::span<const std::byte>& taken) {
  if (body.size() < bytes) return false;
  taken = body.first(bytes);
  body = body.subspan(bytes);
  return true;
}

bool sensible(const ValueCoding& coding) {
  if (has_levels(coding.codec) && coding.levels == 0) return false;
  if (coding.codec == ValueCodec::levels_elias) return coding.width == 0;
  return coding.width >= 2 && coding.width <= 30;
}

/// Parameters and scales stand before the stream.
DecodeError take_parameters(std::span<const std::byte>& body, BlockView& view) {
  std::span<const std::byte> taken;
  if (view.header.index_codec == IndexCodec::rice) {
    if (!take(body, 1, taken)) return DecodeError::truncated;
    view.index_parameter = std::to_integer<std::uint8_t>(taken[0]);
    if (view.index_parameter > 31) return DecodeError::unknown_codec;
  }
  view.coding = view.header.value_codec;
  if (const unsigned size = parameter_bytes(view.header.value_codec); size > 0) {
    if (!take(body, size, taken)) return DecodeError::truncated;
    if (size > 1) std::memcpy(&view.coding.levels, taken.data(), 2);
    view.coding.width = std::to_integer<std::uint8_t>(taken.back());
    if (!sensible(view.coding)) return DecodeError::unknown_codec;
  }
  const BlockHeader& header = view.header;
  std::size_t scales = view.unit.buckets(header.first, header.first + header.span);
  scales *= scales_each(header.value_codec) * sizeof(float);
  return take(body, scales, view.scales) ? DecodeError::none : DecodeError::truncated;
}

DecodeError check_indices(BlockView& view) {
  if (view.header.index_codec == IndexCodec::none) return DecodeError::none;
  IndexReader reader = index_reader(view);
  std::uint64_t least = 0;
  for (std::uint32_t i = 0; i < view.header.count; ++i) {
    std::uint64_t offset = reader.next();
    if (reader.exhausted()) return DecodeError::truncated;
    if (offset < least) return DecodeError::unsorted;
    if (offset >= view.header.span) return DecodeError::out_of_range;
    least = offset + 1;
  }
  if (view.header.index_codec == IndexCodec::bitmap) {
    if (reader.next() < view.header.span) return DecodeError::out_of_range;  // more bits than entries
    if (reader.exhausted()) return DecodeError::truncated;
  }
  view.values_at = reader.position();
  return DecodeError::none;
}

/// Walks values of which not every bit pattern is one, or whose length shows only so. `end`: the last bit.
DecodeError check_values(const BlockView& view, std::uint64_t& end) {
  const ValueCodec codec = view.coding.codec;
  end = view.values_at + values_bits(view.coding, view.header.count);
  const bool variable = codec == ValueCodec::levels_elias || codec == ValueCodec::common;
  if (!variable && end > view.stream.size() * std::uint64_t{8}) {
    return DecodeError::truncated;
  }
  if (codec < ValueCodec::ternary) return DecodeError::none;
  SymbolReader reader(view.stream, view.values_at, view.coding);
  for (std::uint32_t i = 0; i < view.header.count; ++i) reader.next();
  if (variable) end = reader.position();
  return reader.broken() ? DecodeError::out_of_range : DecodeError::none;
}

DecodeError check_end(std::span<const std::byte> stream, std::uint64_t bits) {
  if (stream.size() > (bits + 7) / 8) return DecodeError::trailing_bytes;
  if (stream.size() < (bits + 7) / 8) return DecodeError::truncated;
  if (bits % 8 == 0) return DecodeError::none;
  auto unused = std::to_integer<unsigned>(stream.back()) >> (bits % 8);
  return unused == 0 ? DecodeError::none : DecodeError::unsorted;
}

}  // namespace

DecodeError open_block(std::span<const std::byte> bytes, std::span<const Unit> units, BlockView& view) {
  std::size_t header = 0;
  if (auto error = read_header(bytes, view.header, header); error != DecodeError::none) return error;
  if (auto error = check_place(view.header, units); error != DecodeError::none) return error;
  view.unit = units[view.header.unit];
  view.coding = view.header.value_codec;
  view.index_parameter = 0;
  view.values_at = 0;
  auto body = bytes.subspan(header);
  if (view.header.count == 0) return body.empty() ? DecodeError::none : DecodeError::trailing_bytes;
  if ((view.header.flags & kZstd) != 0) {
    if (auto error = inflate(body, view, body); error != DecodeError::none) return error;
  }
  if (auto error = take_parameters(body, view); error != DecodeError::none) return error;
  view.stream = body;
  if (auto error = check_indices(view); error != DecodeError::none) return error;
  std::uint64_t end = 0;
  if (auto error = check_values(view, end); error != DecodeError::none) return error;
  return check_end(view.stream, end);
}

void add_block(const BlockView& view, std::span<float> into, float factor, std::uint32_t first) {
  const BlockHeader& header = view.header;
  expect(header.first >= first && std::uint64_t{header.first} + header.span <= first + into.size(),
         "a vector that holds the block's run");
  if (header.index_codec != IndexCodec::none || header.value_codec != ValueCodec::fp32) {
    for_each_entry(view, [&](std::uint32_t at, float value) { into[at - first] += factor * value; });
    return;
  }
  float* out = into.data() + (header.first - first);
  for (std::uint32_t i = 0; i < header.count; ++i) {
    float value = 0;
    std::memcpy(&value, view.stream.data() + std::size_t{i} * sizeof value, sizeof value);
    out[i] += factor * value;
  }
}

}  // namespace telegrad::codecs
