#include "training/partitions/partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::described;

struct World {
  explicit World(std::size_t size) : samples(size), labels(size), users(size) {
    std::iota(samples.begin(), samples.end(), 0U);
    for (std::size_t i = 0; i < size; ++i) labels[i] = static_cast<Label>(i % 10);
    for (std::size_t i = 0; i < size; ++i) users[i] = static_cast<std::uint32_t>(i / 32);
  }
  Partition divide(const std::string& json, std::uint32_t workers, std::uint64_t least,
                   std::uint64_t seed = 1) const {
    return training::divide(
        described("partitions", json),
        {.samples = samples, .labels = labels, .users = users, .workers = workers, .least = least}, seed);
  }
  std::size_t labels_at(const std::vector<std::uint32_t>& part) const {
    std::set<Label> seen;
    for (std::uint32_t sample : part) seen.insert(labels[sample]);
    return seen.size();
  }
  std::vector<std::uint32_t> samples;
  std::vector<Label> labels;
  std::vector<std::uint32_t> users;  // of 32 samples each
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

TEST(LabelShards, KnowMoreThan256Labels) {
  World world(3000);
  for (std::size_t i = 0; i < 3000; ++i) world.labels[i] = static_cast<Label>(i % 1000);
  for (const auto& part : world.divide(R"({"type": "dirichlet", "alpha": 0.5})", 4, 1))
    EXPECT_FALSE(part.empty());
  for (const auto& part : world.divide(R"({"type": "label_shards", "shards_per_worker": 2})", 10, 1)) {
    EXPECT_LE(world.labels_at(part), 102U);
  }
}

TEST(Quantity, SizesDifferAndLabelsDoNot) {
  World world(10000);
  const Partition uneven = world.divide(R"({"type": "quantity", "alpha": 0.2})", 8, 1);
  std::size_t most = 0;
  for (const auto& part : uneven) {
    most = std::max(most, part.size());
    if (part.size() < 500) continue;
    std::vector<double> counts(10);
    for (std::uint32_t sample : part) ++counts[world.labels[sample]];
    const auto expected = static_cast<double>(part.size()) / 10;
    for (double count : counts) EXPECT_NEAR(count, expected, 6 * std::sqrt(expected));
  }
  EXPECT_GT(most, 2500U);
  for (const auto& part : world.divide(R"({"type": "quantity", "alpha": 100000})", 8, 1)) {
    EXPECT_NEAR(static_cast<double>(part.size()), 1250, 40);
  }
}

/// How many users there are, each of which has one worker.
std::size_t whole_users(const World& world, const Partition& parts) {
  std::map<std::uint32_t, std::size_t> owner;
  for (std::size_t worker = 0; worker < parts.size(); ++worker) {
    for (std::uint32_t sample : parts[worker]) {
      EXPECT_EQ(owner.emplace(world.users[sample], worker).first->second, worker);
    }
  }
  return owner.size();
}

TEST(ByUser, NoUserIsSplit) {
  World world(10000);
  const Partition parts = world.divide(R"({"type": "by_user"})", 7, 1);
  for (const auto& part : parts) EXPECT_NEAR(static_cast<double>(part.size()), 10000.0 / 7, 33);
  EXPECT_EQ(whole_users(world, parts), 313U);
  EXPECT_NE(world.divide(R"({"type": "by_user"})", 7, 1, 2), parts);
}

TEST(ByUser, AWorkerWithoutABatchGetsAnotherUser) {
  World world(100);  // users of 32, 32, 32 and 4 samples
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Partition parts = world.divide(R"({"type": "by_user"})", 3, 30, seed);
    for (const auto& part : parts) EXPECT_GE(part.size(), 30U);
    EXPECT_EQ(whole_users(world, parts), 4U);
  }
}

TEST(ByUser, WhatCannotBeIsAScenarioMistake) {
  World world(100);
  auto complaint = [&](std::uint32_t workers, std::uint64_t least) -> std::string {
    try {
      (void)world.divide(R"({"type": "by_user"})", workers, least);
    } catch (const ScenarioError& error) {
      return error.problems()[0].pointer + " " + error.problems()[0].message + " " +
             error.problems()[0].remedy;
    }
    return "";
  };
  EXPECT_NE(complaint(5, 1).find("/workers 5 workers for 4 users"), std::string::npos);
  EXPECT_NE(complaint(4, 5).find("users have 4 samples, a batch has 5"), std::string::npos);
  world.users.clear();
  EXPECT_NE(complaint(2, 1).find("npy with users.npy"), std::string::npos);
}

}  // namespace
}  // namespace telegrad::training
