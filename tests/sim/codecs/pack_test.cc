#include "sim/codecs/pack.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/core/errors.h"

namespace telegrad::codecs {
namespace {

const std::vector<Unit> kUnits{{0, 40}, {40, 60}};

std::vector<float> ramp(std::size_t size) {
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<float>(i) - 50.0F;
  return values;
}

std::vector<BlockView> open_all(const Payload& payload, std::span<const Unit> units) {
  std::vector<BlockView> views(payload.blocks().size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    EXPECT_EQ(open_block(payload.blocks()[i].bytes(), units, views[i]), DecodeError::none);
  }
  return views;
}

TEST(Pack, DenseBlocksAddUpToTheVector) {
  auto values = ramp(100);
  for (ValueCodec codec : {ValueCodec::fp32, ValueCodec::fp16, ValueCodec::bf16}) {
    for (std::uint32_t pieces : {1U, 2U, 3U, 7U, 200U}) {
      Payload payload =
          pack_dense({}, kUnits, covered_once(100), Cut{64, pieces}, FloatSource(codec, values));
      EXPECT_EQ(payload.information_bits(), 100U * value_bits(codec));
      EXPECT_EQ(payload.blocks().size() % pieces, 0U);
      std::vector<float> sum(100, 1.0F);
      for (const auto& view : open_all(payload, kUnits)) add_block(view, sum, 2.0F);
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(sum[i], 1.0F + 2.0F * values[i]);
    }
  }
}

TEST(Pack, EveryPieceHoldsItsOwnRunOfCoordinates) {
  std::vector<std::uint32_t> indices{1, 2, 3, 4, 5, 6, 45, 99};
  std::vector<float> values(indices.size(), 1.0F);
  Payload payload = pack_sparse({.method = 2}, kUnits, covered_once(100), Cut{30, 4}, indices,
                                FloatSource(ValueCodec::fp32, values));
  ASSERT_EQ(payload.blocks().size() % 4, 0U);
  std::size_t run = payload.blocks().size() / 4;
  auto views = open_all(payload, kUnits);
  for (std::size_t i = 0; i < views.size(); ++i) {
    for_each_entry(views[i], [&](std::uint32_t at, float) { EXPECT_EQ(at / 25, i / run); });
  }
}

TEST(Pack, SlicesSideBySideAreTheWhole) {
  const std::vector<float> values = ramp(100);
  std::vector<std::uint32_t> indices(100);
  for (std::uint32_t i = 0; i < 100; ++i) indices[i] = i;
  for (std::uint32_t of : {1U, 3U, 8U, 130U}) {
    std::vector<float> dense(100), sparse(100);
    for (std::uint32_t s = 0; s < of; ++s) {
      const Cut cut{64, 2, {s, of}};
      const Coverage run = run_of(100, cut.slice);
      auto within = std::span<const float>(values).subspan(run.first, run.end - run.first);
      auto those = std::span<const std::uint32_t>(indices).subspan(run.first, run.end - run.first);
      const std::vector<Coverage> coverage{run};
      const FloatSource source(ValueCodec::fp32, within);
      const Payload all = pack_dense({}, kUnits, coverage, cut, source);
      for (const auto& view : open_all(all, kUnits)) {
        EXPECT_TRUE(view.header.count == 0 || view.header.first >= run.first);
        add_block(view, dense, 1.0F);
      }
      const Payload some = pack_sparse({}, kUnits, coverage, cut, those, source);
      for (const auto& view : open_all(some, kUnits)) {
        std::vector<float> slice(run.end - run.first);
        if (view.header.count == 0) continue;
        add_block(view, slice, 1.0F, run.first);
        for (std::uint32_t i = run.first; i < run.end; ++i) sparse[i] += slice[i - run.first];
      }
    }
    EXPECT_EQ(dense, values) << of;
    EXPECT_EQ(sparse, values) << of;
  }
}

TEST(Pack, FoldedBlocksAreCutWhereCoverageChanges) {
  std::vector<Coverage> coverage{{0, 10, 8}, {10, 50, 7}, {50, 70, 0}, {70, 100, 8}};
  const auto values = ramp(100);
  Payload payload =
      pack_dense({.flags = kFolded}, kUnits, coverage, Cut{}, FloatSource(ValueCodec::fp32, values));
  std::vector<Coverage> seen;
  for (const auto& view : open_all(payload, kUnits)) {
    seen.push_back({view.header.first, view.header.first + view.header.span, view.header.weight()});
  }
  EXPECT_EQ(seen, (std::vector<Coverage>{{0, 10, 8}, {10, 40, 7}, {40, 50, 7}, {50, 70, 0}, {70, 100, 8}}));
}

// A bitmap of the whole span would be longer than any block.
TEST(Pack, AnEntryFarFromTheNextTakesAShorterCodec) {
  const auto units = whole(100000);
  const std::vector<std::uint32_t> indices{5, 99999};
  const std::vector<float> values{1.0F, 2.0F};
  const Payload payload = pack_sparse({.indices = {IndexCodec::bitmap, false}}, units, covered_once(100000),
                                      Cut{60, 1}, indices, FloatSource(ValueCodec::fp32, values));
  std::vector<float> sum(100000);
  for (const auto& view : open_all(payload, units)) add_block(view, sum, 1.0F);
  EXPECT_EQ(sum[5], 1.0F);
  EXPECT_EQ(sum[99999], 2.0F);
}

TEST(Pack, AUnitWithoutEntriesSaysSoInOneBlock) {
  Payload payload = pack_sparse({.method = 2}, kUnits, covered_once(100), Cut{1472, 1}, {},
                                FloatSource(ValueCodec::fp32, {}));
  EXPECT_EQ(payload.blocks().size(), 2U);
  EXPECT_EQ(payload.bytes(), 2 * kHeaderBytes);
}

TEST(Pack, RefusesALimitThatHoldsNoEntry) {
  std::vector<std::uint32_t> indices{1};
  std::vector<float> values{1.0F};
  EXPECT_THROW((void)pack_sparse({}, kUnits, covered_once(100), Cut{9, 1}, indices,
                                 FloatSource(ValueCodec::fp32, values)),
               RunError);
  EXPECT_THROW(
      (void)pack_dense({}, kUnits, covered_once(100), Cut{9, 1}, FloatSource(ValueCodec::fp32, values)),
      RunError);
}

TEST(Pack, ASliceWithoutCoordinatesMakesNoBlocks) {
  const auto units = whole(2);
  const Cut third{100, 1, {2, 3}};
  EXPECT_TRUE(pack_dense({}, units, {}, third, FloatSource(ValueCodec::fp32, {})).blocks().empty());
  EXPECT_TRUE(pack_sparse({}, units, {}, third, {}, FloatSource(ValueCodec::fp32, {})).blocks().empty());
}

}  // namespace
}  // namespace telegrad::codecs
