#include "sim/codecs/packer.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "sim/core/errors.h"

namespace telegrad::codecs {
namespace {

constexpr std::size_t kMostEntries = 65535;

std::size_t parameter_bytes(IndexCodec index, ValueCodec value) {
  return (index == IndexCodec::rice ? 1U : 0U) + parameter_bytes(value);
}

}  // namespace

/// The entries of one block.
struct Packer::Entries {
  Run run;                                 // what the block covers
  std::span<const std::uint32_t> indices;  // none of a dense block
  std::size_t from = 0;                    // the first value
  std::size_t count = 0;
  IndexCoding coding;
};

Packer::Packer(std::uint32_t limit, const Stamp& stamp, std::span<const Unit> units,
               const ValueSource& values, std::span<const float> scales)
    : limit_(limit), form_(limit <= kCompactLimit ? HeaderForm::compact : HeaderForm::plain), stamp_(stamp),
      units_(units), values_(values), scales_(scales), information_bits_(scales.size() * 32) {
  std::size_t buckets = 0;
  for (const Unit& unit : units) {
    first_bucket_.push_back(buckets);
    buckets += unit.buckets(unit.first, unit.first + unit.size);
  }
  const std::size_t each = scales_each(values.coding().codec);
  expect(scales.size() == buckets * each, "scales for each bucket");
}

BlockHeader Packer::header_of(const Run& run) const {
  BlockHeader header{.flags = static_cast<std::uint8_t>(stamp_.flags & ~kZstd),
                     .method = stamp_.method,
                     .value_codec = values_.coding().codec,
                     .worker = stamp_.worker,
                     .unit = run.unit,
                     .first = run.first,
                     .span = run.end - run.first};
  if (header.folded()) header.worker = run.weight;
  return header;
}

std::uint64_t Packer::body_bits(const Entries& entries) const {
  std::uint64_t bytes = parameter_bytes(entries.coding.codec, values_.coding().codec);
  std::uint64_t buckets = units_[entries.run.unit].buckets(entries.run.first, entries.run.end);
  bytes += buckets * scales_each(values_.coding().codec) * sizeof(float);
  return bytes * 8 + entries.coding.bits + values_.bits(entries.from, entries.count);
}

/// As many entries as fit in one block.
Packer::Entries Packer::fitting(const Run& run, std::span<const std::uint32_t> indices, std::size_t from,
                                bool sparse) const {
  BlockHeader longest = header_of(run);
  longest.count = kMostEntries;
  const std::size_t header = header_bytes(longest, form_);
  const std::uint64_t room = limit_ > header ? (limit_ - header) * std::uint64_t{8} : 0;
  const std::size_t left = sparse ? indices.size() : run.end - run.first;

  IndexChoice choice = stamp_.indices;
  auto of = [&](std::size_t count) {
    Entries entries{run, {}, from, count, {}};
    if (!sparse) {
      entries.run.end = run.first + static_cast<std::uint32_t>(count);
      return entries;
    }
    entries.indices = indices.first(count);
    if (count < left) entries.run.end = indices[count];
    // Where every coordinate has a value nobody needs indices.
    if (count == entries.run.end - run.first) return entries;
    IndexRun positions{entries.indices, run.first, entries.run.end - run.first, units_[run.unit].size};
    entries.coding = index_coding(choice, positions);
    return entries;
  };
  const std::uint64_t least =
      (sparse ? 1 : 0) + std::max<std::uint64_t>(values_bits(values_.coding(), 8), 8) / 8;
  std::size_t most = std::min({left, kMostEntries, static_cast<std::size_t>(room / least)});
  if (Entries all = of(most); most > 0 && body_bits(all) <= room) return all;
  std::size_t fits = 0;
  while (most - fits > 1) {
    std::size_t middle = fits + (most - fits) / 2;
    (body_bits(of(middle)) <= room ? fits : most) = middle;
  }
  if (fits == 0) {
    // A bitmap of a long span, say: the shortest codec may still fit.
    choice.smallest = true;
    if (sparse && room > 0 && body_bits(of(1)) <= room) return of(1);
    throw RunError(Failure::internal, "a block of " + std::to_string(limit_) +
                                          " bytes cannot hold a header and one entry; use larger datagrams");
  }
  return of(fits);
}

void Packer::dense(const Run& run, std::size_t from) {
  for (Run rest = run; rest.first < rest.end;) {
    Entries entries = fitting(rest, {}, from, false);
    write(header_of(entries.run), entries);
    rest.first = entries.run.end;
    from += entries.count;
  }
}

void Packer::sparse(const Run& run, std::span<const std::uint32_t> indices, std::size_t from) {
  if (indices.empty()) {
    BlockHeader header = header_of(run);
    header.index_codec = IndexCodec::fixed;
    return append(header, {});
  }
  for (Run rest = run; !indices.empty();) {
    Entries entries = fitting(rest, indices, from, true);
    write(header_of(entries.run), entries);
    rest.first = entries.run.end;
    from += entries.count;
    indices = indices.subspan(entries.count);
  }
}

std::span<const float> Packer::scales_of(const Entries& entries) const {
  const Unit& unit = units_[entries.run.unit];
  const std::size_t each = scales_each(values_.coding().codec);
  std::size_t at = first_bucket_[entries.run.unit] + (entries.run.first - unit.first) / unit.bucket_size();
  return scales_.subspan(at * each, unit.buckets(entries.run.first, entries.run.end) * each);
}

void Packer::write(BlockHeader header, const Entries& entries) {
  header.count = static_cast<std::uint16_t>(entries.count);
  header.index_codec = entries.coding.codec;
  body_.resize((body_bits(entries) + 7) / 8);
  BitWriter writer(body_);
  if (entries.coding.codec == IndexCodec::rice) writer.put(entries.coding.parameter, 8);
  if (has_levels(header.value_codec)) writer.put(values_.coding().levels, 16);
  if (parameter_bytes(header.value_codec) > 0) writer.put(values_.coding().width, 8);
  auto scales = std::as_bytes(scales_of(entries));
  if (!scales.empty()) std::memcpy(writer.whole_bytes(scales.size()).data(), scales.data(), scales.size());
  write_indices(writer, entries.coding,
                IndexRun{entries.indices, header.first, header.span, units_[entries.run.unit].size});
  values_.write(writer, entries.from, entries.count);
  writer.finish();
  information_bits_ += entries.coding.bits + values_.information_bits(entries.from, entries.count);

  if ((stamp_.flags & kZstd) == 0) return append(header, body_);
  auto size = static_cast<std::uint32_t>(body_.size());
  std::vector<std::byte> packed(sizeof size + ZSTD_compressBound(size));
  std::memcpy(packed.data(), &size, sizeof size);
  std::size_t got =
      ZSTD_compress(packed.data() + sizeof size, packed.size() - sizeof size, body_.data(), size, 3);
  if (ZSTD_isError(got) != 0 || got + sizeof size >= body_.size()) return append(header, body_);
  header.flags |= kZstd;
  append(header, std::span(packed).first(got + sizeof size));
}

void Packer::append(const BlockHeader& header, std::span<const std::byte> body) {
  std::size_t at = bytes_.size();
  std::size_t head = header_bytes(header, form_);
  bytes_.resize(at + head + body.size());
  write_header(header, form_, std::span(bytes_).subspan(at, head));
  if (!body.empty()) std::memcpy(bytes_.data() + at + head, body.data(), body.size());
  ends_.push_back(bytes_.size());
}

Payload Packer::finish() && {
  if (pieces_.empty()) end_piece();
  std::size_t most = 0;
  for (std::size_t s = 0; s < pieces_.size(); ++s) {
    most = std::max(most, pieces_[s] - (s == 0 ? 0 : pieces_[s - 1]));
  }
  const std::size_t filler = bytes_.size();
  append(BlockHeader{}, {});  // the empty block that fills pieces up
  const auto filler_size = static_cast<std::uint32_t>(bytes_.size() - filler);
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
    while (blocks.size() < most * (s + 1)) blocks.emplace_back(owner, owner->data() + filler, filler_size);
  }
  return Payload(std::move(blocks), information_bits_);
}

}  // namespace telegrad::codecs
