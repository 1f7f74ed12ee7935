// Golden numbers of spectral ATOMO: singular values are kept as the probabilities say, and scaled by them.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/golden.h"
#include "tests/training/averaging.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::doubles;
using testing_support::golden;

TEST(GoldenAtomoSvd, HasTheSecondMomentOfItsSingularValues) {
  const Value& entry = golden("atomo.second_moment_unsaturated");
  const auto lambda = doubles(entry["input"]["lambda"]);
  const auto probabilities = doubles(golden("waterfill.small_T2")["expected"]["p"]);
  Layout layout;
  layout.add("x", {4, 4}, 0);
  std::vector<float> diagonal(16);
  for (std::size_t i = 0; i < 4; ++i) diagonal[5 * i] = static_cast<float>(lambda[i]);
  auto method = testing_support::collective(R"({"type": "atomo_svd", "rank": 2})", layout, 1);
  Averaging all(*method, 1, [&](std::uint64_t, std::uint32_t) { return diagonal; });
  Observer nobody;
  constexpr std::uint64_t kRounds = 4000;
  ASSERT_TRUE(run_synchronous({.workers = 1, .rounds = kRounds}, all, nobody).ended);
  double moment = 0;
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    const auto update = all.update(round, 0);
    for (std::size_t i = 0; i < 16; ++i) {
      const double kept = i % 5 == 0 ? lambda[i / 5] / probabilities[i / 5] : 0;
      EXPECT_TRUE(std::fabs(update[i]) < 1e-5 || std::fabs(update[i] - kept) < 1e-5) << update[i];
      moment += update[i] * update[i] / kRounds;
    }
  }
  // 16 for each term that is kept; 5 standard errors of their number, whose variance is 0.625.
  const double error = 5 * 16 * std::sqrt(0.625 / kRounds);
  EXPECT_NEAR(moment, entry["expected"]["second_moment"].number(), error);
}

}  // namespace
}  // namespace telegrad::training
