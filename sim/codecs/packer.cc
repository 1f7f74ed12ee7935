#include "sim/codecs/packer.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "sim/core/errors.h"

namespace telegrad::codecs {

std::uint32_t Packer::fitting(unsigned entry_bits) const {
  std::uint32_t entries = capacity(limit_, entry_bits);
  if (entries == 0) {
    throw RunError(Failure::internal, "a block of " + std::to_string(limit_) +
                                          " bytes cannot hold a header and one entry; use larger datagrams");
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

void Packer::dense(BlockHeader header, std::uint32_t first, std::span<const float> values) {
  unsigned bits = value_bits(header.value_codec);
  std::uint32_t most = fitting(bits);
  information_bits_ += values.size() * bits;
  header.index_codec = IndexCodec::none;
  for (std::size_t from = 0; from < values.size(); from += most) {
    auto part = values.subspan(from, std::min<std::size_t>(most, values.size() - from));
    header.first = first + static_cast<std::uint32_t>(from);
    header.count = static_cast<std::uint16_t>(part.size());
    header.span = header.count;
    auto body = open(header, part.size() * bits / 8);
    if (header.value_codec == ValueCodec::fp32) {
      std::memcpy(body.data(), part.data(), part.size_bytes());
      continue;
    }
    for (std::size_t i = 0; i < part.size(); ++i) {
      std::uint16_t half = to_half(part[i]);
      std::memcpy(body.data() + 2 * i, &half, sizeof half);
    }
  }
}

void Packer::sparse(BlockHeader header, std::uint32_t unit_size, std::uint32_t first, std::uint32_t end,
                    std::span<const std::uint32_t> indices, std::span<const float> values) {
  unsigned index_width = index_bits(unit_size);
  unsigned value_width = value_bits(header.value_codec);
  unsigned entry_bits = index_width + value_width;
  std::uint32_t most = fitting(entry_bits);
  information_bits_ += indices.size() * entry_bits;
  header.index_codec = IndexCodec::fixed;
  for (std::size_t from = 0; from < indices.size() || from == 0; from += most) {
    std::size_t next = std::min<std::size_t>(from + most, indices.size());
    header.first = from == 0 ? first : indices[from];
    header.count = static_cast<std::uint16_t>(next - from);
    header.span = (next < indices.size() ? indices[next] : end) - header.first;
    BitWriter writer(open(header, (header.count * std::size_t{entry_bits} + 7) / 8));
    for (std::size_t i = from; i < next; ++i) writer.put(indices[i] - header.first, index_width);
    for (std::size_t i = from; i < next; ++i) writer.put(to_bits(values[i], header.value_codec), value_width);
    writer.finish();
  }
}

Payload Packer::finish() && {
  if (pieces_.empty()) end_piece();
  std::size_t most = 0;
  for (std::size_t s = 0; s < pieces_.size(); ++s) {
    most = std::max(most, pieces_[s] - (s == 0 ? 0 : pieces_[s - 1]));
  }
  std::size_t real = ends_.size();
  open(BlockHeader{}, 0);  // the empty block that fills pieces up
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes_));
  std::vector<Block> blocks;
  blocks.reserve(most * pieces_.size());
  std::size_t from = 0;
  std::size_t block = 0;
  for (std::size_t s = 0; s < pieces_.size(); ++s) {
    for (; block < pieces_[s]; ++block) {
      blocks.emplace_back(owner, owner->data() + from, static_cast<std::uint32_t>(ends_[block] - from));
      from = ends_[block];
    }
    while (blocks.size() < most * (s + 1)) {
      blocks.emplace_back(owner, owner->data() + ends_[real] - kHeaderBytes, std::uint32_t{kHeaderBytes});
    }
  }
  return Payload(std::move(blocks), information_bits_);
}

}  // namespace telegrad::codecs
