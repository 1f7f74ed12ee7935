#include "sim/codecs/block.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "sim/codecs/pack.h"
#include "sim/codecs/packer.h"

namespace telegrad::codecs {
namespace {

const std::vector<Unit> kUnits{{0, 40}, {40, 60}};

constexpr Stamp kStamp{.method = 2, .worker = 3};

Payload sparse_payload(std::uint32_t limit, IndexChoice choice = {}, std::uint8_t flags = 0) {
  const std::vector<std::uint32_t> indices{41, 50, 51, 70, 99};
  const std::vector<float> values{1, -2, 3, -4, 5};
  const FloatSource source(ValueCodec::fp32, values);
  Stamp stamp = kStamp;
  stamp.indices = choice;
  stamp.flags = flags;
  Packer packer(limit, stamp, kUnits, source, {});
  packer.sparse(Run{.unit = 1, .first = 40, .end = 100}, indices, 0);
  return std::move(packer).finish();
}

std::map<std::uint32_t, float> entries(const Payload& payload) {
  std::map<std::uint32_t, float> found;
  for (const Block& block : payload.blocks()) {
    BlockView view;
    EXPECT_EQ(open_block(block.bytes(), kUnits, view), DecodeError::none);
    for_each_entry(view, [&](std::uint32_t at, float value) { found[at] = value; });
  }
  return found;
}

DecodeError open(std::vector<std::byte> bytes) {
  BlockView view;
  return open_block(bytes, kUnits, view);
}

std::vector<std::byte> one_block() {
  Payload payload = sparse_payload(1000);
  auto bytes = payload.blocks()[0].bytes();
  return {bytes.begin(), bytes.end()};
}

TEST(Block, HeaderLiesAtTheDocumentedOffsets) {
  auto bytes = one_block();
  std::vector<int> head;
  for (std::size_t i = 0; i < kHeaderBytes; ++i) head.push_back(std::to_integer<int>(bytes[i]));
  EXPECT_EQ(head, (std::vector<int>{0x10, 2, 1, 1, 3, 0, 0, 0, 1, 0, 5, 0, 40, 0, 0, 0, 60, 0, 0, 0}));
}

TEST(Block, DecodesWhatWasEncodedHoweverItIsCut) {
  const std::map<std::uint32_t, float> sent{{41, 1}, {50, -2}, {51, 3}, {70, -4}, {99, 5}};
  for (std::uint32_t limit : {20U, 30U, 35U, 1000U}) EXPECT_EQ(entries(sparse_payload(limit)), sent) << limit;
}

TEST(Block, SpansAreContiguousAndCoverTheUnit) {
  Payload payload = sparse_payload(30);
  EXPECT_GT(payload.blocks().size(), 1U);
  std::uint32_t at = 40;
  for (const Block& block : payload.blocks()) {
    EXPECT_LE(block.size, 30U);
    BlockView view;
    ASSERT_EQ(open_block(block.bytes(), kUnits, view), DecodeError::none);
    EXPECT_EQ(view.header.first, at);
    at += view.header.span;
  }
  EXPECT_EQ(at, 100U);
}

TEST(Block, HoldsTheEntriesOfTheGoldenTable) {
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < 1000; ++i) indices.push_back(i * 997);
  const std::vector<float> values(1000, 1.0F);
  auto first_block = [&](std::uint32_t limit) {
    Payload payload = pack_sparse(kStamp, whole(1'000'000), covered_once(1'000'000), Cut{limit, 1}, indices,
                                  FloatSource(ValueCodec::fp32, values));
    BlockView view;
    EXPECT_EQ(open_block(payload.blocks()[0].bytes(), whole(1'000'000), view), DecodeError::none);
    return view.header.count;
  };
  EXPECT_EQ(first_block(102), 12U);
  EXPECT_EQ(first_block(512), 75U);
  EXPECT_EQ(first_block(1472), 223U);
  EXPECT_THROW((void)first_block(10), RunError);
}

TEST(Block, MillionCoordinatesMakeTheGoldenBlocks) {
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < 1000; ++i) indices.push_back(i * 997);
  std::vector<float> values(1000, 1.0F);
  auto units = whole(1'000'000);
  Payload payload = pack_sparse(kStamp, units, covered_once(1'000'000), Cut{1472, 1}, indices,
                                FloatSource(ValueCodec::fp32, values));
  EXPECT_EQ(payload.information_bits(), 52000U);
  EXPECT_EQ(payload.bytes(), 6602U);
  std::vector<std::uint32_t> counts;
  for (const Block& block : payload.blocks()) {
    BlockView view;
    ASSERT_EQ(open_block(block.bytes(), units, view), DecodeError::none);
    counts.push_back(view.header.count);
  }
  EXPECT_EQ(counts, (std::vector<std::uint32_t>{223, 223, 223, 223, 108}));
}

TEST(Block, EveryTruncationAndEveryLongerFormIsRefused) {
  auto whole_block = one_block();
  for (std::size_t size = 0; size < whole_block.size(); ++size) {
    std::vector<std::byte> cut(whole_block.begin(), whole_block.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(open(cut), DecodeError::truncated) << size;
  }
  whole_block.push_back(std::byte{0});
  EXPECT_EQ(open(whole_block), DecodeError::trailing_bytes);
}

TEST(Block, WrongFieldsAreRefusedByName) {
  auto with = [](std::size_t at, int value) {
    auto bytes = one_block();
    bytes[at] = static_cast<std::byte>(value);
    return open(bytes);
  };
  EXPECT_EQ(with(0, 0x30), DecodeError::unknown_version);
  EXPECT_EQ(with(0, 0x18), DecodeError::unknown_codec);
  EXPECT_EQ(with(2, 99), DecodeError::unknown_codec);
  EXPECT_EQ(with(3, 99), DecodeError::unknown_codec);
  EXPECT_EQ(with(8, 2), DecodeError::out_of_range);    // no such unit
  EXPECT_EQ(with(12, 39), DecodeError::out_of_range);  // begins before its unit
  EXPECT_EQ(with(16, 61), DecodeError::out_of_range);  // ends behind its unit
  EXPECT_EQ(with(16, 59), DecodeError::out_of_range);  // the last index lies behind the span
  EXPECT_EQ(with(19, 255), DecodeError::out_of_range);
  EXPECT_EQ(with(20, 0xbb), DecodeError::unsorted);  // the first index is 59, the second 10
}

/// One payload of every index codec and value codec, plain, compact and compressed.
std::vector<std::vector<std::byte>> one_of_each() {
  std::vector<std::vector<std::byte>> blocks;
  auto keep = [&](const Payload& payload) {
    for (const Block& block : payload.blocks())
      blocks.emplace_back(block.bytes().begin(), block.bytes().end());
  };
  for (std::uint8_t number = 1; number <= static_cast<std::uint8_t>(kLastIndexCodec); ++number) {
    for (std::uint32_t limit : {50U, 200U})
      keep(sparse_payload(limit, {static_cast<IndexCodec>(number), false}));
  }
  const std::vector<Unit> units{{0, 40, 7}, {40, 60, 0}};
  const std::vector<std::int32_t> symbols(100, 1);
  const std::vector<float> ones(100, 1.0F);
  for (ValueCoding coding :
       {ValueCoding(ValueCodec::fp16), ValueCoding(ValueCodec::bf16), ValueCoding(ValueCodec::natural)}) {
    keep(pack_dense(kStamp, kUnits, covered_once(100), Cut{100, 1}, FloatSource(coding.codec, ones)));
  }
  for (ValueCoding coding :
       {ValueCoding(ValueCodec::sign), ValueCoding(ValueCodec::scaled_sign),
        ValueCoding(ValueCodec::two_means), ValueCoding(ValueCodec::ternary),
        ValueCoding(ValueCodec::ternary_base3), ValueCoding(ValueCodec::levels, 7, 4),
        ValueCoding(ValueCodec::levels_elias, 7, 0), ValueCoding(ValueCodec::dithered, 7, 4),
        ValueCoding(ValueCodec::integers, 0, 5)}) {
    std::vector<float> scales(scales_each(coding.codec) * 2, 3.0F);
    SymbolSource source(coding, symbols);
    for (std::uint32_t limit : {60U, 1000U}) {
      keep(pack_dense(kStamp, kUnits, covered_once(100), Cut{limit, 1}, source, scales));
    }
  }
  const std::vector<std::uint32_t> some{3, 4, 99};
  keep(pack_sparse(kStamp, kUnits, covered_once(100), Cut{100, 1}, some, NoValues()));
  Stamp zipped{.flags = kZstd};
  keep(pack_dense(zipped, kUnits, covered_once(100), Cut{1000, 1}, FloatSource(ValueCodec::fp32, ones)));
  return blocks;
}

TEST(Block, HostileBytesNeverReadPastTheEnd) {
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (const auto& valid : one_of_each()) {
    ASSERT_EQ(open(valid), DecodeError::none);
    for (int round = 0; round < 3000; ++round) {
      std::vector<std::byte> bytes = valid;
      for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
        bytes[random() % bytes.size()] = static_cast<std::byte>(random());
      }
      if (random() % 2 == 0) bytes.resize(random() % (bytes.size() + 8));
      bytes.shrink_to_fit();  // a sanitizer sees the exact end
      BlockView view;
      if (open_block(bytes, kUnits, view) != DecodeError::none) continue;
      std::vector<float> into(100, 0.0F);
      add_block(view, into, 1.0F);
      ++accepted;
    }
  }
  EXPECT_GT(accepted, 100U);
}

TEST(Block, CompactHeadersSurviveAndAreShort) {
  Payload plain = sparse_payload(1000);
  Payload compact = sparse_payload(90);
  EXPECT_EQ(entries(compact), entries(plain));
  EXPECT_EQ(plain.bytes() - compact.bytes(), kHeaderBytes - 8);
}

TEST(Block, ZstdIsUsedWhereItIsShorter) {
  const std::vector<float> same(1000, 1.0F);
  const auto units = whole(1000);
  Payload zipped =
      pack_dense({.flags = kZstd}, units, covered_once(1000), Cut{}, FloatSource(ValueCodec::fp32, same));
  EXPECT_LT(zipped.bytes(), 100U);
  std::vector<float> sum(1000, 0.0F);
  BlockView view;
  ASSERT_EQ(open_block(zipped.blocks()[0].bytes(), units, view), DecodeError::none);
  add_block(view, sum, 1.0F);
  EXPECT_EQ(sum, same);
  // A frame that says more than it holds, or more than a body can be, is refused before memory is taken.
  std::vector<std::byte> bytes(zipped.blocks()[0].bytes().begin(), zipped.blocks()[0].bytes().end());
  bytes[kHeaderBytes + 3] = std::byte{0xff};
  EXPECT_EQ(open_block(bytes, units, view), DecodeError::bad_compression);
}

TEST(Block, IntegersTravelInTheirWidthWithoutAScale) {
  const std::vector<std::int32_t> numbers{-15, 15, 0, 7, -8};
  const auto units = whole(5);
  const ValueCoding coding(ValueCodec::integers, 0, level_width(15));
  Payload payload = pack_dense({}, units, covered_once(5), Cut{}, SymbolSource(coding, numbers));
  EXPECT_EQ(payload.information_bits(), 5U * 5);
  EXPECT_EQ(payload.bytes(), kHeaderBytes + 1 + 4);
  std::vector<float> sum(5, 0.0F);
  BlockView view;
  ASSERT_EQ(open_block(payload.blocks()[0].bytes(), units, view), DecodeError::none);
  add_block(view, sum, 1.0F);
  EXPECT_EQ(sum, (std::vector<float>{-15, 15, 0, 7, -8}));
  for (int width : {0, 1, 31}) {
    std::vector<std::byte> bytes(payload.blocks()[0].bytes().begin(), payload.blocks()[0].bytes().end());
    bytes[kHeaderBytes] = static_cast<std::byte>(width);
    EXPECT_EQ(open_block(bytes, units, view), DecodeError::unknown_codec) << width;
  }
}

TEST(Block, EveryBlockCarriesTheScalesOfItsBuckets) {
  const std::vector<Unit> units{{0, 10, 4}, {10, 6, 0}};
  std::vector<std::int32_t> symbols(16, 1);
  std::vector<float> scales{1, 2, 3, 4};  // [0, 4), [4, 8), [8, 10), [10, 16)
  SymbolSource source(ValueCodec::ternary, symbols);
  for (std::size_t i = 0; i < symbols.size(); ++i) symbols[i] = i % 2 == 0 ? 2 : 0;
  for (std::uint32_t limit : {17U, 25U, 200U}) {
    Payload payload = pack_dense({}, units, covered_once(16), Cut{limit, 1}, source, scales);
    EXPECT_EQ(payload.information_bits(), 16U * 2 + 4 * 32);
    std::vector<float> sum(16, 0.0F);
    for (const Block& block : payload.blocks()) {
      BlockView view;
      ASSERT_EQ(open_block(block.bytes(), units, view), DecodeError::none);
      add_block(view, sum, 1.0F);
    }
    EXPECT_EQ(sum, (std::vector<float>{1, -1, 1, -1, 2, -2, 2, -2, 3, -3, 4, -4, 4, -4, 4, -4})) << limit;
  }
}

}  // namespace
}  // namespace telegrad::codecs
