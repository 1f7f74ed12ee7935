// Spectral ATOMO over every exchange that carries it: the mean is right, whatever is drawn and whatever is lost.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/training/collective_run.h"

namespace telegrad::training {
namespace {

using testing_support::collective;
using testing_support::expect_mean;
using testing_support::Plan;
using testing_support::plan_with;
using testing_support::run_collective;
using testing_support::Updates;

constexpr std::uint32_t kWorkers = 3;

/// A matrix; a kernel whose matrix has a place too many; a vector of odd length; one number.
Layout layout() {
  Layout result;
  result.add("a", {7, 5}, 0.1);
  result.add("b", {3, 1, 2, 2}, 0.1);
  result.add("c", {5}, 0.1);
  result.add("d", {1}, 0.1);
  return result;
}
constexpr std::size_t kSize = 53;

/// The same in every round.
std::vector<float> gradient(std::uint64_t, std::uint32_t rank) {
  Stream stream(StreamKey{.seed = 3, .purpose = Purpose::method, .node = rank});
  std::vector<float> values(kSize);
  for (float& value : values) value = static_cast<float>(stream.normal());
  return values;
}

Updates updates(const std::string& uplink, const Plan& plan) {
  return run_collective(uplink, layout(), plan, gradient).updates;
}

std::vector<double> mean_gradient() {
  std::vector<double> mean(kSize);
  for (std::uint32_t rank = 0; rank < kWorkers; ++rank) {
    const auto values = gradient(0, rank);
    for (std::size_t i = 0; i < kSize; ++i) mean[i] += static_cast<double>(values[i]) / kWorkers;
  }
  return mean;
}

Plan plan_of(const char* exchange, std::uint32_t block_bytes, std::uint64_t rounds, double loss = 0) {
  return plan_with(exchange, kWorkers, rounds, block_bytes, loss);
}

TEST(AtomoSvd, IsRightInTheMean) {
  for (const char* uplink :
       {R"({"type": "atomo_svd", "rank": 1})", R"({"type": "atomo_svd", "rank": 2, "whole_below": 6})"}) {
    expect_mean(updates(uplink, plan_of("star", 100, 1500)), mean_gradient(), uplink);
  }
}

/// A lost block takes a term, or rows and columns of it; what arrived of the others is divided by what arrived.
TEST(AtomoSvd, IsRightInTheMeanAlsoWhereBlocksAreLost) {
  // Where nothing of anybody arrives the update is 0, which nothing makes good: rare with three workers.
  const auto rounds =
      updates(R"({"type": "atomo_svd", "rank": 7, "whole_below": 6})", plan_of("star", 64, 1500, 0.02));
  expect_mean(rounds, mean_gradient(), "lost blocks");
  EXPECT_NE(rounds,
            updates(R"({"type": "atomo_svd", "rank": 7, "whole_below": 6})", plan_of("star", 64, 1500)));
}

TEST(AtomoSvd, EveryTermIsTheGradientItself) {
  const auto want = mean_gradient();
  for (const char* exchange : {"star", "ring"}) {
    for (std::uint32_t bytes : {64U, 100U, 65536U}) {
      const auto got = updates(R"({"type": "atomo_svd", "rank": 7})", plan_of(exchange, bytes, 2));
      for (std::size_t i = 0; i < kSize; ++i) EXPECT_NEAR(got[1][i], want[i], 1e-5) << exchange << bytes;
    }
  }
}

TEST(AtomoSvd, StarAndRingGiveTheSame) {
  const std::string uplink = R"({"type": "atomo_svd", "rank": 2})";
  EXPECT_EQ(updates(uplink, plan_of("star", 100, 8)), updates(uplink, plan_of("ring", 100, 8)));
}

TEST(AtomoSvd, ABlockThatIsLostLeavesTheOthersDecodable) {
  const auto whole = updates(R"({"type": "atomo_svd", "rank": 7})", plan_of("star", 64, 1));
  const auto holes = updates(R"({"type": "atomo_svd", "rank": 7})", plan_of("star", 64, 1, 0.1));
  std::size_t same = 0, other = 0;
  for (std::size_t i = 0; i < kSize; ++i) ++(std::fabs(whole[0][i] - holes[0][i]) < 1e-6 ? same : other);
  EXPECT_GT(same, 5U);
  EXPECT_GT(other, 5U);
}

TEST(AtomoSvd, StatesItsSizes) {
  Layout square;
  square.add("x", {1000, 10}, 0);
  // Ten terms of a budget of ten: each is sent.
  const MessageSizes sizes = collective(R"({"type": "atomo_svd", "rank": 10})", square, 4)->sizes();
  EXPECT_EQ(sizes.up_information_bits, 10U * (1000 + 10 + 1) * 32);
  EXPECT_EQ(sizes.down_information_bits, 10000U * 32);
}

}  // namespace
}  // namespace telegrad::training
