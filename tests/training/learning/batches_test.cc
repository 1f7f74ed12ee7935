#include "training/learning/batches.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

namespace telegrad::training {
namespace {

std::vector<std::uint32_t> samples(std::size_t count) {
  std::vector<std::uint32_t> all(count);
  std::iota(all.begin(), all.end(), 100U);
  return all;
}

TEST(Batches, AnEpochUsesEverySampleOnce) {
  Batches batches(samples(30), 10, 1, 0);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    std::map<std::uint32_t, int> seen;
    for (std::uint64_t round = 1; round <= 3; ++round) {
      for (std::uint32_t sample : batches.of(epoch * 3 + round)) ++seen[sample];
    }
    EXPECT_EQ(seen.size(), 30U);
  }
}

TEST(Batches, ABatchMayBeginANewEpoch) {
  Batches batches(samples(7), 5, 1, 0);
  std::map<std::uint32_t, int> seen;
  for (std::uint64_t round = 1; round <= 7; ++round) {
    auto batch = batches.of(round);
    EXPECT_EQ(batch.size(), 5U);
    for (std::uint32_t sample : batch) ++seen[sample];
  }
  for (auto [sample, times] : seen) EXPECT_EQ(times, 5) << sample;
}

TEST(Batches, DependOnSeedWorkerAndRoundAlone) {
  auto batch = [](std::uint64_t seed, std::uint32_t worker, std::vector<std::uint64_t> rounds) {
    Batches batches(samples(50), 8, seed, worker);
    std::vector<std::uint32_t> last;
    for (std::uint64_t round : rounds) {
      auto chosen = batches.of(round);
      last.assign(chosen.begin(), chosen.end());
    }
    return last;
  };
  EXPECT_EQ(batch(1, 2, {20}), batch(1, 2, {1, 40, 20}));
  EXPECT_NE(batch(1, 2, {20}), batch(2, 2, {20}));
  EXPECT_NE(batch(1, 2, {20}), batch(1, 3, {20}));
}

}  // namespace
}  // namespace telegrad::training
