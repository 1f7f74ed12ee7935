// The vote over signs: signs up, majority down.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/golden.h"
#include "tests/support/payloads.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::golden;

/// What all get of these workers' gradients.
std::vector<float> vote(const std::vector<std::vector<float>>& gradients) {
  Layout layout;
  const std::size_t size = gradients.front().size();
  layout.add("x", {static_cast<std::int64_t>(size)}, 0);
  auto up = compressor(R"({"type": "sign"})", layout);
  auto down = testing_support::downlink(R"({"type": "majority"})", layout, up->units());
  Sum sum(static_cast<std::int64_t>(size));
  for (const auto& gradient : gradients) {
    sum.add(up->encode(gradient, Step{.round = 1}, Cut{}), up->units());
  }
  const auto voters = static_cast<std::uint32_t>(gradients.size());
  std::vector<float> result(size);
  add_mean(down->encode(sum, Count::contributors, voters, Step{.round = 1}, Cut{}), down->units(), Divisor{1},
           result);
  return result;
}

/// A11, over random gradients of odd numbers of workers.
TEST(Majority, IsTheSignOfTheSumOfSigns) {
  for (std::uint32_t voters : {1U, 3U, 5U, 9U}) {
    std::vector<std::vector<float>> gradients;
    std::vector<int> sums(200);
    for (std::uint64_t worker = 1; worker <= voters; ++worker) {
      gradients.push_back(testing_support::normal_gradient(worker, 200));
      for (std::size_t i = 0; i < 200; ++i) sums[i] += gradients.back()[i] < 0 ? -1 : 1;
    }
    const auto result = vote(gradients);
    for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(result[i], sums[i] < 0 ? -1.0F : 1.0F);
  }
}

/// A11: N voters, each wrong with probability q, fail as often as the tail of a binomial says. In coordinate i the
/// first i of them are wrong.
TEST(Majority, FailsAsOftenAsMostVotersAreWrong) {
  const Value& entry = golden("majority.failure");
  const double q = entry["input"]["q"].number();
  const auto counts = testing_support::indices(entry["input"]["N"]);
  const auto expected = testing_support::doubles(entry["expected"]);
  for (std::size_t n = 0; n < counts.size(); ++n) {
    const std::uint32_t voters = counts[n];
    std::vector<std::vector<float>> gradients(voters, std::vector<float>(voters + 1, 1.0F));
    for (std::uint32_t wrong = 0; wrong <= voters; ++wrong) {
      for (std::uint32_t voter = 0; voter < wrong; ++voter) gradients[voter][wrong] = -1;
    }
    const auto result = vote(gradients);
    double failure = 0, ways = 1;
    for (std::uint32_t wrong = 0; wrong <= voters; ++wrong) {
      if (result[wrong] < 0) failure += ways * std::pow(q, wrong) * std::pow(1 - q, voters - wrong);
      ways *= static_cast<double>(voters - wrong) / (wrong + 1);
    }
    EXPECT_NEAR(failure, expected[n], 1e-12) << voters;
  }
}

/// Signs forget magnitudes: on a |x + y| + |x - y| all steps lie along (1, -1), and x + y never changes.
TEST(Signs, NeverLeaveTheLineOfTheCounterexample) {
  const Value& entry = golden("signsgd.counterexample");
  const auto start = testing_support::floats(entry["input"]["x0"]);
  const auto rate = static_cast<float>(entry["input"]["eta"].number());
  double x = start[0], y = start[1];
  for (std::int64_t step = 0; step < entry["input"]["steps"].integer(); ++step) {
    const float sum = x + y >= 0 ? 0.5F : -0.5F, difference = x - y >= 0 ? 1.0F : -1.0F;
    const auto sign = vote({{sum + difference, sum - difference}});
    x -= double{rate} * sign[0];
    y -= double{rate} * sign[1];
  }
  EXPECT_NEAR(x + y, entry["expected"]["x1_plus_x2"].number(), 1e-6);
}

}  // namespace
}  // namespace telegrad::training
