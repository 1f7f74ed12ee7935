#include "sim/codecs/header.h"

#include <cstring>

namespace telegrad::codecs {
namespace {

template <class T>
void store(std::span<std::byte, kHeaderBytes> into, std::size_t offset, T value) {
  std::memcpy(into.data() + offset, &value, sizeof value);
}

template <class T>
void load(std::span<const std::byte> from, std::size_t offset, T& value) {
  std::memcpy(&value, from.data() + offset, sizeof value);
}

bool known(MethodId id) { return id == MethodId::dense || id == MethodId::top_k || id == MethodId::folded; }
bool known(IndexCodec codec) { return codec == IndexCodec::none || codec == IndexCodec::fixed; }
bool known(ValueCodec codec) { return codec == ValueCodec::fp32 || codec == ValueCodec::fp16; }

}  // namespace

const char* to_string(DecodeError error) {
  switch (error) {
    case DecodeError::none: return "no error";
    case DecodeError::truncated: return "truncated";
    case DecodeError::trailing_bytes: return "bytes after the end";
    case DecodeError::unknown_version: return "unknown version";
    case DecodeError::unknown_codec: return "unknown codec";
    case DecodeError::out_of_range: return "out of range";
    case DecodeError::unsorted: return "indices not in order";
  }
  return "unknown error";
}

void write_header(const BlockHeader& header, std::span<std::byte, kHeaderBytes> into) {
  store(into, 0, static_cast<std::uint8_t>((kVersion << 4) | (header.flags & 0xf)));
  store(into, 1, header.method);
  store(into, 2, header.index_codec);
  store(into, 3, header.value_codec);
  store(into, 4, header.worker);
  store(into, 8, header.unit);
  store(into, 10, header.count);
  store(into, 12, header.first);
  store(into, 16, header.span);
}

DecodeError read_header(std::span<const std::byte> bytes, BlockHeader& header) {
  if (bytes.size() < kHeaderBytes) return DecodeError::truncated;
  std::uint8_t lead = 0;
  load(bytes, 0, lead);
  load(bytes, 1, header.method);
  load(bytes, 2, header.index_codec);
  load(bytes, 3, header.value_codec);
  load(bytes, 4, header.worker);
  load(bytes, 8, header.unit);
  load(bytes, 10, header.count);
  load(bytes, 12, header.first);
  load(bytes, 16, header.span);
  header.flags = lead & 0xf;
  if ((lead >> 4) != kVersion) return DecodeError::unknown_version;
  bool flags_known = (header.flags & ~(kFolded | kMean)) == 0;
  if (!flags_known || !known(header.method) || !known(header.index_codec) || !known(header.value_codec)) {
    return DecodeError::unknown_codec;
  }
  return DecodeError::none;
}

}  // namespace telegrad::codecs
