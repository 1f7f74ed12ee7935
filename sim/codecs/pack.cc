#include "sim/codecs/pack.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "sim/codecs/bits.h"

namespace telegrad::codecs {
namespace {

BlockHeader header_of(const Stamp& stamp, IndexCodec codec) {
  return BlockHeader{.flags = stamp.flags,
                     .method = stamp.method,
                     .index_codec = codec,
                     .value_codec = stamp.value_codec,
                     .worker = stamp.worker,
                     .unit = stamp.unit};
}

}  // namespace

std::uint32_t Packer::fitting(unsigned entry_bits) const {
  std::uint32_t entries = capacity(limit_, entry_bits);
  if (entries == 0) {
    throw RunError(Failure::internal, "a block of " + std::to_string(limit_) +
                                          " bytes cannot hold a header and one entry; use a network with larger "
                                          "datagrams");
  }
  return entries;
}

std::span<std::byte> Packer::open(const BlockHeader& header, std::size_t body) {
  std::size_t at = bytes_.size();
  bytes_.resize(at + kHeaderBytes + body);
  write_header(header, std::span<std::byte, kHeaderBytes>(bytes_.data() + at, kHeaderBytes));
  ends_.push_back(bytes_.size());
  return {bytes_.data() + at + kHeaderBytes, body};
}

void Packer::dense(const Stamp& stamp, std::uint32_t first, std::span<const float> values) {
  unsigned bits = value_bits(stamp.value_codec);
  std::uint32_t most = fitting(bits);
  information_bits_ += values.size() * bits;
  BlockHeader header = header_of(stamp, IndexCodec::none);
  for (std::size_t from = 0; from < values.size() || from == 0; from += most) {
    auto part = values.subspan(from, std::min<std::size_t>(most, values.size() - from));
    header.first = first + static_cast<std::uint32_t>(from);
    header.count = static_cast<std::uint16_t>(part.size());
    header.span = header.count;
    auto body = open(header, part.size() * bits / 8);
    if (stamp.value_codec == ValueCodec::fp32) {
      if (!part.empty()) std::memcpy(body.data(), part.data(), part.size_bytes());
      continue;
    }
    for (std::size_t i = 0; i < part.size(); ++i) {
      std::uint16_t half = to_half(part[i]);
      std::memcpy(body.data() + 2 * i, &half, sizeof half);
    }
  }
}

void Packer::sparse(const Stamp& stamp, const Unit& unit, std::uint32_t first, std::uint32_t end,
                    std::span<const std::uint32_t> indices, std::span<const float> values) {
  expect(indices.size() == values.size() && first >= unit.first && end <= unit.first + unit.size,
         "entries within their unit");
  unsigned index_width = index_bits(unit.size);
  unsigned entry_bits = index_width + value_bits(stamp.value_codec);
  std::uint32_t most = fitting(entry_bits);
  information_bits_ += indices.size() * entry_bits;
  BlockHeader header = header_of(stamp, IndexCodec::fixed);
  for (std::size_t from = 0; from < indices.size() || from == 0; from += most) {
    std::size_t count = std::min<std::size_t>(most, indices.size() - from);
    std::size_t next = from + count;
    header.first = from == 0 ? first : indices[from];
    header.count = static_cast<std::uint16_t>(count);
    header.span = (next < indices.size() ? indices[next] : end) - header.first;
    BitWriter writer(open(header, (count * entry_bits + 7) / 8));
    for (std::size_t i = from; i < next; ++i) writer.put(indices[i] - header.first, index_width);
    for (std::size_t i = from; i < next; ++i) {
      writer.put(to_bits(values[i], stamp.value_codec), value_bits(stamp.value_codec));
    }
    writer.finish();
  }
}

void Packer::pad(const Stamp& stamp, std::size_t blocks, std::uint32_t at) {
  BlockHeader header = header_of(stamp, IndexCodec::none);
  header.first = at;
  while (ends_.size() < blocks) open(header, 0);
}

Payload Packer::finish() && {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes_));
  std::vector<Block> blocks;
  blocks.reserve(ends_.size());
  std::size_t from = 0;
  for (std::size_t end : ends_) {
    blocks.emplace_back(owner, owner->data() + from, static_cast<std::uint32_t>(end - from));
    from = end;
  }
  return Payload(std::move(blocks), information_bits_);
}

}  // namespace telegrad::codecs
