#include "training/methods/pending.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

Payload payload() {
  std::vector<Block> blocks(2, Block::of(std::vector<std::byte>(3)));
  return Payload(std::move(blocks));
}

TEST(Pending, EveryBlockFindsWhatBelongsToItsPayload) {
  Pending<int> pending;
  const Payload one = payload();
  const Payload two = payload();
  pending.add(one, 1);
  pending.add(two, 2);
  ASSERT_NE(pending.of(one.blocks()[1]), nullptr);
  EXPECT_EQ(*pending.of(one.blocks()[1]), 1);
  EXPECT_EQ(*pending.of(two.blocks()[0]), 2);
}

TEST(Pending, PartialSumsAreOfNoneOrOfTheLatest) {
  Pending<int> pending;
  const Payload sums = payload();
  EXPECT_EQ(pending.of_or_latest(sums.blocks()[0]), nullptr);
  pending.add(payload(), 1);
  pending.add(payload(), 2);
  pending.add(Payload(), 3);
  EXPECT_EQ(pending.of(sums.blocks()[0]), nullptr);
  EXPECT_EQ(*pending.of_or_latest(sums.blocks()[0]), 2);
}

TEST(Pending, ForgetsWhatIsOlderThanTheLongestWindow) {
  for (std::size_t each_round : {std::size_t{1}, std::size_t{2}}) {
    Pending<int> pending(each_round);
    const Payload first = payload();
    pending.add(first, -1);
    for (std::size_t i = 1; i < 64 * each_round; ++i) pending.add(payload(), 0);
    EXPECT_NE(pending.of(first.blocks()[0]), nullptr);
    pending.add(payload(), 0);
    EXPECT_EQ(pending.of(first.blocks()[0]), nullptr);
  }
}

/// Shared random entries travel without indices: which they are only the round says.
TEST(Pending, BlocksOfSeveralRoundsAreOfTheirOwnRandomEntries) {
  Layout tensors;
  tensors.add("x", {400}, 0.1);
  auto method =
      testing_support::compressor(R"({"type": "rand_k", "k": 40, "error_feedback": false})", tensors);
  std::vector<float> values(400);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i + 1);
  std::vector<Payload> sent;
  std::vector<float> one_by_one(400), together(400);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    sent.push_back(method->encode(values, Step{.round = round}, Cut{100, 1}));
    ASSERT_GT(sent.back().blocks().size(), 1U);
    method->add(sent.back(), 1.0F, one_by_one);
  }
  method->add(Payload::joined(sent), 1.0F, together);
  EXPECT_EQ(together, one_by_one);
  for (std::size_t i = 0; i < values.size();
       ++i) {  // d / k = 10 times the entry, once for each round that drew it
    EXPECT_EQ(std::fmod(together[i], 10 * values[i]), 0.0F) << i;
  }
}

}  // namespace
}  // namespace telegrad::training
