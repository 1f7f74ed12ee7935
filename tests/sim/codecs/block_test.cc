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

Payload sparse_payload(std::uint32_t limit) {
  Packer packer(limit);
  std::vector<std::uint32_t> indices{41, 50, 51, 70, 99};
  std::vector<float> values{1, -2, 3, -4, 5};
  packer.sparse({.method = MethodId::top_k, .worker = 3, .unit = 1}, 60, 40, 100, indices, values);
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
  for (std::uint32_t limit : {25U, 30U, 35U, 1000U}) EXPECT_EQ(entries(sparse_payload(limit)), sent) << limit;
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

TEST(Block, CapacityIsThatOfTheGoldenTable) {
  EXPECT_EQ(capacity(102, 52), 12U);
  EXPECT_EQ(capacity(512, 52), 75U);
  EXPECT_EQ(capacity(1472, 52), 223U);
  EXPECT_EQ(capacity(20, 52), 0U);
}

TEST(Block, MillionCoordinatesMakeTheGoldenBlocks) {
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < 1000; ++i) indices.push_back(i * 997);
  std::vector<float> values(1000, 1.0F);
  auto units = whole(1'000'000);
  Payload payload =
      pack_sparse({.method = MethodId::top_k}, units, covered_once(1'000'000), Cut{1472, 1}, indices, values);
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
  EXPECT_EQ(with(0, 0x20), DecodeError::unknown_version);
  EXPECT_EQ(with(0, 0x18), DecodeError::unknown_codec);
  EXPECT_EQ(with(1, 99), DecodeError::unknown_codec);
  EXPECT_EQ(with(2, 99), DecodeError::unknown_codec);
  EXPECT_EQ(with(3, 99), DecodeError::unknown_codec);
  EXPECT_EQ(with(8, 2), DecodeError::out_of_range);    // no such unit
  EXPECT_EQ(with(12, 39), DecodeError::out_of_range);  // begins before its unit
  EXPECT_EQ(with(16, 61), DecodeError::out_of_range);  // ends behind its unit
  EXPECT_EQ(with(16, 59), DecodeError::out_of_range);  // the last index lies behind the span
  EXPECT_EQ(with(19, 255), DecodeError::out_of_range);
  EXPECT_EQ(with(20, 0xbb), DecodeError::unsorted);  // the first index is 59, the second 10
}

TEST(Block, HostileBytesNeverReadPastTheEnd) {
  std::mt19937 random(7);
  auto valid = one_block();
  for (int round = 0; round < 20000; ++round) {
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
  }
}

}  // namespace
}  // namespace telegrad::codecs
