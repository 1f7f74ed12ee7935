#include "training/partitions/partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::described;

struct World {
  explicit World(std::size_t size) : samples(size), labels(size) {
    std::iota(samples.begin(), samples.end(), 0U);
    for (std::size_t i = 0; i < size; ++i) labels[i] = static_cast<std::uint8_t>(i % 10);
  }
  Partition divide(const std::string& json, std::uint32_t workers, std::uint64_t least,
                   std::uint64_t seed = 1) const {
    return training::divide(described("partitions", json), samples, labels, workers, least, seed);
  }
  std::size_t labels_at(const std::vector<std::uint32_t>& part) const {
    std::set<std::uint8_t> seen;
    for (std::uint32_t sample : part) seen.insert(labels[sample]);
    return seen.size();
  }
  std::vector<std::uint32_t> samples;
  std::vector<std::uint8_t> labels;
};

TEST(Partitions, GiveEverySampleToOneWorkerAndEveryWorkerABatch) {
  World world(1000);
  for (const auto& entry : partitions().entries()) {
    for (std::uint32_t workers : {1U, 3U, 8U, 31U}) {
      Partition parts = world.divide(entry.about.example, workers, 32);
      ASSERT_EQ(parts.size(), workers);
      std::set<std::uint32_t> seen;
      for (const auto& part : parts) {
        EXPECT_GE(part.size(), 32U) << entry.about.name;
        EXPECT_TRUE(std::is_sorted(part.begin(), part.end()));
        seen.insert(part.begin(), part.end());
      }
      EXPECT_EQ(seen.size(), 1000U);
      EXPECT_EQ(world.divide(entry.about.example, workers, 32), parts);
    }
  }
}

TEST(Partitions, TooFewSamplesAreAScenarioMistake) {
  World world(100);
  EXPECT_THROW((void)world.divide(R"({"type": "iid"})", 4, 26), ScenarioError);
  EXPECT_NO_THROW((void)world.divide(R"({"type": "iid"})", 4, 25));
}

TEST(Iid, DealsOutEvenly) {
  for (const auto& part : World(1003).divide(R"({"type": "iid"})", 4, 1))
    EXPECT_NEAR(part.size(), 250.75, 0.76);
}

TEST(Dirichlet, SmallAlphaIsUnevenAndLargeAlphaIsNot) {
  World world(10000);
  auto largest = [&](const std::string& alpha) {
    Partition parts = world.divide(R"({"type": "dirichlet", "alpha": )" + alpha + "}", 8, 1);
    double most = 0;
    for (const auto& part : parts) {
      std::vector<double> counts(10);
      for (std::uint32_t sample : part) ++counts[world.labels[sample]];
      most = std::max(most, *std::max_element(counts.begin(), counts.end()));
    }
    return most;
  };
  EXPECT_GT(largest("0.05"), 800);
  EXPECT_LT(largest("1000"), 170);
}

TEST(Dirichlet, ExtremeAlphaStillGivesEverybodySamples) {
  for (const auto& part : World(1000).divide(R"({"type": "dirichlet", "alpha": 0.001})", 20, 32)) {
    EXPECT_GE(part.size(), 32U);
  }
}

TEST(LabelShards, GiveAWorkerFewLabels) {
  World world(10000);
  for (const auto& part : world.divide(R"({"type": "label_shards", "shards_per_worker": 2})", 10, 1)) {
    EXPECT_LE(world.labels_at(part), 4U);
  }
}

}  // namespace
}  // namespace telegrad::training
