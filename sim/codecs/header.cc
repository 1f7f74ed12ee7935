#include "sim/codecs/header.h"

#include <array>
#include <cstring>

namespace telegrad::codecs {
namespace {

constexpr std::size_t kCompactFixed = 3;

template <class T>
void store(std::span<std::byte> into, std::size_t offset, T value) {
  std::memcpy(into.data() + offset, &value, sizeof value);
}

template <class T>
void load(std::span<const std::byte> from, std::size_t offset, T& value) {
  std::memcpy(&value, from.data() + offset, sizeof value);
}

std::array<std::uint32_t, 5> numbers(const BlockHeader& header) {
  return {header.worker, header.unit, header.count, header.first, header.span};
}

std::size_t varint_bytes(std::uint32_t value) {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

std::size_t put_varint(std::span<std::byte> into, std::size_t at, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) into[at++] = static_cast<std::byte>(value | 0x80);
  into[at++] = static_cast<std::byte>(value);
  return at;
}

/// false where the bytes end, or say more than 32 bits, or say it in more bytes than they need.
bool take_varint(std::span<const std::byte> bytes, std::size_t& at, std::uint32_t& value) {
  std::uint64_t sum = 0;
  for (unsigned shift = 0; shift < 35 && at < bytes.size(); shift += 7) {
    auto byte = std::to_integer<std::uint64_t>(bytes[at++]);
    sum |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    value = static_cast<std::uint32_t>(sum);
    return sum <= 0xffffffffU && (byte != 0 || shift == 0);
  }
  return false;
}

DecodeError read_plain(std::span<const std::byte> bytes, BlockHeader& header) {
  if (bytes.size() < kHeaderBytes) return DecodeError::truncated;
  load(bytes, 1, header.method);
  load(bytes, 2, header.index_codec);
  load(bytes, 3, header.value_codec);
  load(bytes, 4, header.worker);
  load(bytes, 8, header.unit);
  load(bytes, 10, header.count);
  load(bytes, 12, header.first);
  load(bytes, 16, header.span);
  return DecodeError::none;
}

DecodeError read_compact(std::span<const std::byte> bytes, BlockHeader& header, std::size_t& at) {
  if (bytes.size() < kCompactFixed) return DecodeError::truncated;
  load(bytes, 1, header.method);
  auto codecs = std::to_integer<unsigned>(bytes[2]);
  header.index_codec = static_cast<IndexCodec>(codecs >> 4);
  header.value_codec = static_cast<ValueCodec>(codecs & 0xf);
  std::array<std::uint32_t, 5> read{};
  at = kCompactFixed;
  for (auto& number : read) {
    if (!take_varint(bytes, at, number)) return DecodeError::truncated;
  }
  if (read[1] > 0xffff || read[2] > 0xffff) return DecodeError::out_of_range;
  header.worker = read[0];
  header.unit = static_cast<std::uint16_t>(read[1]);
  header.count = static_cast<std::uint16_t>(read[2]);
  header.first = read[3];
  header.span = read[4];
  return DecodeError::none;
}

bool known(const BlockHeader& header) {
  bool flags = (header.flags & ~(kFolded | kMean | kZstd)) == 0;
  return flags && header.index_codec <= IndexCodec::factors && header.value_codec >= ValueCodec::fp32 &&
         header.value_codec <= kLastValueCodec;
}

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
    case DecodeError::bad_compression: return "bad zstd frame";
  }
  return "unknown error";
}

std::size_t header_bytes(const BlockHeader& header, HeaderForm form) {
  if (form == HeaderForm::plain) return kHeaderBytes;
  std::size_t bytes = kCompactFixed;
  for (std::uint32_t number : numbers(header)) bytes += varint_bytes(number);
  return bytes;
}

void write_header(const BlockHeader& header, HeaderForm form, std::span<std::byte> into) {
  store(into, 0, static_cast<std::uint8_t>((static_cast<unsigned>(form) << 4) | (header.flags & 0xf)));
  store(into, 1, header.method);
  if (form == HeaderForm::compact) {
    store(into, 2,
          static_cast<std::uint8_t>((static_cast<unsigned>(header.index_codec) << 4) |
                                    static_cast<unsigned>(header.value_codec)));
    std::size_t at = kCompactFixed;
    for (std::uint32_t number : numbers(header)) at = put_varint(into, at, number);
    return;
  }
  store(into, 2, header.index_codec);
  store(into, 3, header.value_codec);
  store(into, 4, header.worker);
  store(into, 8, header.unit);
  store(into, 10, header.count);
  store(into, 12, header.first);
  store(into, 16, header.span);
}

DecodeError read_header(std::span<const std::byte> bytes, BlockHeader& header, std::size_t& size) {
  if (bytes.empty()) return DecodeError::truncated;
  auto lead = std::to_integer<unsigned>(bytes[0]);
  header.flags = static_cast<std::uint8_t>(lead & 0xf);
  size = kHeaderBytes;
  DecodeError error = DecodeError::unknown_version;
  if (lead >> 4 == static_cast<unsigned>(HeaderForm::plain)) error = read_plain(bytes, header);
  if (lead >> 4 == static_cast<unsigned>(HeaderForm::compact)) error = read_compact(bytes, header, size);
  if (error != DecodeError::none) return error;
  return known(header) ? DecodeError::none : DecodeError::unknown_codec;
}

}  // namespace telegrad::codecs
