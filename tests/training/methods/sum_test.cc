#include "training/methods/sum.h"

#include <gtest/gtest.h>

#include "sim/core/errors.h"
#include "tests/support/golden.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using codecs::Coverage;
using testing_support::compressor;
using testing_support::downlink;

Layout layout() {
  Layout result;
  result.add("a", {60}, 0.1);
  result.add("b", {40}, 0.1);
  return result;
}

std::vector<float> ramp(float scale) {
  std::vector<float> values(100);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = scale * static_cast<float>(i + 1);
  return values;
}

const std::vector<codecs::Unit> kWhole = codecs::whole(100);

std::vector<float> mean(const Payload& payload, const Downlink& down, Divisor divisor) {
  std::vector<float> values(100, 0.0F);
  add_mean(payload, down.units(), divisor, values);
  return values;
}

TEST(Sum, AddsPayloadsAndCountsContributors) {
  Layout tensors = layout();
  auto up = compressor(R"({"type": "dense"})", tensors);
  Sum sum(100);
  sum.add(up->encode(ramp(1), Step{}, Cut{120, 1}), up->units());  // blocks of 25 values
  sum.add(up->encode(ramp(2), Step{}, Cut{120, 1}).without({false, true, false, false}), up->units());
  EXPECT_EQ(sum.coverage(), (std::vector<Coverage>{{0, 25, 2}, {25, 50, 1}, {50, 100, 2}}));
  EXPECT_EQ(sum.values()[24], 75.0F);
  EXPECT_EQ(sum.values()[25], 26.0F);
  EXPECT_EQ(sum.support().size(), 100U);
}

// A hop of a ring: a partial sum and one's own slice; then all slices side by side.
TEST(Sum, SlicesOfPartialSumsAddUpToTheWhole) {
  Layout tensors = layout();
  constexpr std::uint32_t kSlices = 3;
  for (const char* json : {R"({"type": "dense"})", R"({"type": "dense", "value": "fp16"})",
                           R"({"type": "union_sparse", "granularity": "tensor"})"}) {
    auto up = compressor(R"({"type": "dense"})", tensors);
    auto down = downlink(json, tensors, kWhole);
    std::vector<Payload> slices;
    for (std::uint32_t s = 0; s < kSlices; ++s) {
      const Cut hop{100, 1, {s, kSlices}};
      Payload partial;
      for (float scale : {1.0F, 2.0F, 4.0F}) {
        Sum sum(100, hop.slice);
        sum.add(partial, up->units(), down->units());
        sum.add(piece(up->encode(ramp(scale), Step{}, Cut{100, kSlices}), s, kSlices), up->units(),
                down->units());
        EXPECT_LE(sum.values().size(), 34U) << "no longer than the slice";
        EXPECT_EQ(sum.coverage().back().weight, sum.contributions());
        partial = down->encode(sum, Count::contributors, sum.contributions(), Step{}, hop);
      }
      slices.push_back(partial);
    }
    auto values = mean(Payload::joined(slices), *down, Divisor{3});
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(values[i], 7.0 / 3 * static_cast<double>(i + 1), 0.2) << json;
    }
  }
}

TEST(Sum, SupportIsTheUnionOfWhatWasSent) {
  Layout tensors = layout();
  Sum sum(100);
  auto up = compressor(R"({"type": "top_k", "k": 2, "granularity": "model"})", tensors);
  std::vector<float> one(100);
  one[3] = 1;
  one[64] = -2;
  sum.add(up->encode(one, Step{}, Cut{}), up->units());
  auto other = compressor(R"({"type": "top_k", "k": 2, "granularity": "model"})", tensors);
  std::vector<float> two(100);
  two[64] = 2;
  two[99] = 5;
  sum.add(other->encode(two, Step{}, Cut{}), other->units());
  EXPECT_EQ(sum.support(), (std::vector<std::uint32_t>{3, 64, 99}));
  EXPECT_EQ(sum.values()[64], 0.0F);
}

TEST(Sum, ABrokenBlockIsBadData) {
  std::vector<Block> blocks;
  blocks.push_back(Block::of(std::vector<std::byte>(30)));
  Sum sum(100);
  EXPECT_THROW(sum.add(Payload(std::move(blocks)), codecs::whole(100)), RunError);
}

TEST(Downlinks, DivideByTheCohortOrByEachBlocksContributors) {
  Layout tensors = layout();
  auto up = compressor(R"({"type": "dense"})", tensors);
  Sum sum(100);
  sum.add(up->encode(ramp(1), Step{}, Cut{120, 1}), up->units());
  sum.add(up->encode(ramp(3), Step{}, Cut{120, 1}).without({false, true, false, false}), up->units());
  for (const char* json :
       {R"({"type": "dense"})", R"({"type": "union_sparse"})", R"({"type": "dense", "value": "fp16"})"}) {
    auto down = downlink(json, tensors, kWhole);
    auto by_block = mean(down->encode(sum, Count::contributors, 2, Step{}, Cut{200, 1}), *down, Divisor{});
    EXPECT_EQ(by_block[0], 2.0F) << json;    // (1 + 3) / 2
    EXPECT_EQ(by_block[29], 30.0F) << json;  // one arrived
    EXPECT_EQ(by_block[99], 200.0F) << json;
    auto by_cohort = mean(down->encode(sum, Count::cohort, 2, Step{}, Cut{200, 1}), *down, Divisor{2});
    EXPECT_EQ(by_cohort[0], 2.0F) << json;
    EXPECT_EQ(by_cohort[29], 15.0F) << json;
    EXPECT_EQ(by_cohort[99], 200.0F) << json;
  }
}

TEST(Downlinks, HalfPrecisionMeansDoNotOverflowWhereSumsWould) {
  Layout tensors = layout();
  auto down = downlink(R"({"type": "dense", "value": "fp16"})", tensors, kWhole);
  Sum sum(100);
  auto up = compressor(R"({"type": "dense"})", tensors);
  for (int i = 0; i < 4; ++i)
    sum.add(up->encode(std::vector<float>(100, 40000.0F), Step{}, Cut{}), up->units());
  EXPECT_EQ(mean(down->encode(sum, Count::contributors, 4, Step{}, Cut{}), *down, Divisor{})[7], 40000.0F);
}

TEST(Downlinks, WhatNobodySentStaysZero) {
  Layout tensors = layout();
  auto up = compressor(R"({"type": "dense"})", tensors);
  Sum sum(100);
  sum.add(up->encode(ramp(1), Step{}, Cut{120, 1}).without({true, false, false, false}), up->units());
  for (const char* json : {R"({"type": "dense"})", R"({"type": "union_sparse"})"}) {
    auto down = downlink(json, tensors, kWhole);
    auto values = mean(down->encode(sum, Count::contributors, 1, Step{}, Cut{}), *down, Divisor{});
    EXPECT_EQ(values[24], 0.0F);
    EXPECT_EQ(values[25], 26.0F);
  }
}

TEST(Downlinks, MajorityVotesWithTiesForPlus) {
  Layout tensors = layout();
  auto up = compressor(R"({"type": "sign"})", tensors);
  Sum sum(100);
  const Value& entry = testing_support::golden("majority.even_ties");
  for (const Value& g : entry["input"]["g"].items()) {
    std::vector<float> values = testing_support::floats(g);
    values.resize(100, -1.0F);
    sum.add(up->encode(values, Step{}, Cut{}), up->units());
  }
  auto down = downlink(R"({"type": "majority"})", tensors, kWhole);
  Payload votes = down->encode(sum, Count::contributors, 4, Step{}, Cut{});
  auto vote = mean(votes, *down, Divisor{1});
  const auto expected = testing_support::floats(entry["expected"]["vote"]);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(vote[i], expected[i]);
  EXPECT_EQ(vote[50], -1.0F);
  EXPECT_EQ(votes.information_bits(), 100U);
}

TEST(Downlinks, RecompressionRemembersWhatItLeftOut) {
  Layout tensors;
  tensors.add("x", {3}, 0);
  const Value& entry = testing_support::golden("ef.two_sided");
  std::vector<std::unique_ptr<Compressor>> up;
  for (int w = 0; w < 2; ++w) up.push_back(compressor(R"({"type": "top_k", "k": 1})", tensors));
  auto down =
      downlink(R"({"type": "recompressed", "method": {"type": "top_k", "k": 1}})", tensors, up[0]->units());
  for (std::size_t t = 0; t < 2; ++t) {
    Sum sum(3);
    for (std::size_t w = 0; w < 2; ++w) {
      auto g = testing_support::floats(entry["input"]["gradients"].items()[t].items()[w]);
      sum.add(up[w]->encode(g, Step{.round = t + 1}, Cut{}), up[w]->units());
    }
    std::vector<float> got(3, 0.0F);
    add_mean(down->encode(sum, Count::cohort, 2, Step{.round = t + 1}, Cut{}), down->units(), Divisor{1},
             got);
    EXPECT_EQ(got, testing_support::floats(entry["expected"]["steps"].items()[t]["down"]));
  }
}

}  // namespace
}  // namespace telegrad::training
