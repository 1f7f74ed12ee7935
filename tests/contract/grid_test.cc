// The grid quantiser over every exchange: all know the mean of all workers' grids, whatever is lost, and it comes as near
// to gradients that settle as its steps are short.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/training/collective_run.h"

namespace telegrad::training {
namespace {

using testing_support::collective;
using testing_support::CollectiveRun;
using testing_support::Plan;
using testing_support::plan_with;
using testing_support::run_collective;

constexpr std::uint32_t kWorkers = 5;
constexpr std::size_t kSize = 273;
const char* const kExchanges[] = {"star", "ring", "tree"};
const std::string kGrid = R"({"type": "grid", "bits": 6, "step": 0.2, "shrink": 0.8})";

Layout layout() {
  Layout result;
  result.add("a", {10, 7}, 0.1);
  result.add("b", {203}, 0.1);
  return result;
}

/// The same in every round.
std::vector<float> settled(std::uint64_t, std::uint32_t rank) {
  Stream stream(StreamKey{.seed = 3, .purpose = Purpose::method, .node = rank});
  std::vector<float> values(kSize);
  for (float& value : values) value = static_cast<float>(stream.normal());
  return values;
}

std::vector<float> changing(std::uint64_t round, std::uint32_t rank) {
  auto values = settled(round, rank);
  for (float& value : values) value *= 1 + std::pow(0.8F, static_cast<float>(round));
  return values;
}

/// The largest distance from the mean gradient.
double distance(const std::vector<double>& update) {
  std::vector<double> mean(kSize);
  for (std::uint32_t rank = 0; rank < kWorkers; ++rank) {
    const auto values = settled(0, rank);
    for (std::size_t i = 0; i < kSize; ++i) mean[i] += static_cast<double>(values[i]) / kWorkers;
  }
  double largest = 0;
  for (std::size_t i = 0; i < kSize; ++i) largest = std::max(largest, std::fabs(update[i] - mean[i]));
  return largest;
}

void expect_mean_of_all(const CollectiveRun& run, const std::string& what) {
  for (std::size_t i = 0; i < kSize; ++i) {
    double mean = 0;
    for (const auto& centre : run.kept) mean += centre[i] / static_cast<double>(run.kept.size());
    EXPECT_NEAR(run.updates.back()[i], mean, 1e-5) << what << " " << i;
  }
}

TEST(Grid, IsTheSameOverStarRingAndTree) {
  const auto star = run_collective(kGrid, layout(), plan_with("star", kWorkers, 12, 100), changing);
  for (const char* exchange : {"ring", "tree"}) {
    const auto other = run_collective(kGrid, layout(), plan_with(exchange, kWorkers, 12, 100), changing);
    EXPECT_EQ(other.updates, star.updates) << exchange << ": whole numbers add up in any order";
  }
}

/// |x - c| <= step / 2 where nothing saturates: of 0.2 * 31.5 entries nothing does.
TEST(Grid, ComesAsNearAsHalfAStep) {
  for (const char* exchange : kExchanges) {
    const auto run = run_collective(kGrid, layout(), plan_with(exchange, kWorkers, 20, 100), settled);
    double step = 0.2;
    for (const auto& update : run.updates) {
      EXPECT_LE(distance(update), step / 2 + 1e-5) << exchange;
      step *= 0.8;
    }
    expect_mean_of_all(run, exchange);
  }
}

TEST(Grid, KnowsTheMeanOfAllAlsoWhereAFifthOfAllBlocksIsLost) {
  for (const char* exchange : kExchanges) {
    for (auto gradients : {settled, changing}) {
      const auto run =
          run_collective(kGrid, layout(), plan_with(exchange, kWorkers, 30, 100, 0.2), gradients);
      expect_mean_of_all(run, exchange);
    }
  }
}

/// Where nothing is lost in a round steps shrink by 0.8; with a fifth of five workers' blocks lost a coordinate is whole
/// in a third of the rounds.
TEST(Grid, ComesNearAlsoWhereBlocksAreLost) {
  for (const char* exchange : kExchanges) {
    const auto lossy = run_collective(kGrid, layout(), plan_with(exchange, kWorkers, 60, 100, 0.2), settled);
    EXPECT_LE(distance(lossy.updates.back()), 0.2) << exchange;
    EXPECT_LE(distance(lossy.updates.back()), distance(lossy.updates[4]) / 2) << exchange;
  }
}

/// Two bits and steps that halve reach 1.5 steps: whoever lost a block would be left behind if steps shrank meanwhile.
TEST(Grid, StepsDoNotShrinkWhereSomethingWasLost) {
  const auto near = [](std::uint64_t round, std::uint32_t rank) {
    auto values = settled(round, rank);
    for (float& value : values) value = std::clamp(value, -1.4F, 1.4F);
    return values;
  };
  const auto run = run_collective(R"({"type": "grid", "bits": 2, "step": 1, "shrink": 0.5})", layout(),
                                  plan_with("star", kWorkers, 80, 100, 0.2), near);
  const auto whole = run_collective(R"({"type": "grid", "bits": 2, "step": 1, "shrink": 0.5})", layout(),
                                    plan_with("star", kWorkers, 30), near);
  for (std::size_t i = 0; i < kSize; ++i) {
    EXPECT_NEAR(run.updates.back()[i], whole.updates.back()[i], 1e-3) << i;
  }
}

TEST(Grid, KnowsTheMeanOfAllAlsoWhereAQuorumClosesARound) {
  Plan plan = plan_with("star", kWorkers, 12);
  plan.network = R"({"type": "ideal", "block_bytes": 100, "medium": "shared", "uplink": {"rate_mbps": 1}})";
  plan.exchange = R"({"type": "star", "wait": {"type": "quorum", "contributions": 4}})";
  plan.drains = true;
  const auto run = run_collective(kGrid, layout(), plan, changing);
  expect_mean_of_all(run, "quorum");
  EXPECT_NE(run.updates,
            run_collective(kGrid, layout(), plan_with("star", kWorkers, 12, 100), changing).updates)
      << "nobody came late";
}

/// A saturated entry moves by all that its bits allow in each round, and arrives as long as steps do not shrink.
TEST(Grid, CatchesUpWithWhatSaturates) {
  const std::string coarse = R"({"type": "grid", "bits": 2, "step": 0.25, "shrink": 1})";
  Layout one;
  one.add("x", {1}, 0);
  const auto far = [](std::uint64_t, std::uint32_t) { return std::vector<float>{1.1F}; };
  const auto run = run_collective(coarse, one, plan_with("star", 2, 6), far);
  std::vector<double> path;
  for (const auto& update : run.updates) path.push_back(update[0]);
  EXPECT_EQ(path, (std::vector<double>{0.25, 0.5, 0.75, 1, 1, 1}));
}

TEST(Grid, StatesItsSizes) {
  Layout square;
  square.add("x", {1000, 1000}, 0);
  const MessageSizes sizes = collective(R"({"type": "grid", "bits": 4})", square, 8)->sizes();
  EXPECT_EQ(sizes.up_information_bits, 4000000u);
  EXPECT_EQ(sizes.down_information_bits, 7000000u);  // ceil(log2(2 * 8 * 7 + 1))
}

}  // namespace
}  // namespace telegrad::training
