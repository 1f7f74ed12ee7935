// The probabilities of water filling are the best of their sum (A13).

#include "training/methods/probabilities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/core/random.h"
#include "tests/support/golden.h"

namespace telegrad::training {
namespace {

using Vector = std::vector<double>;

double moment(const Vector& g, const Vector& p) {
  double sum = 0;
  for (std::size_t i = 0; i < g.size(); ++i) sum += g[i] == 0 ? 0 : g[i] * g[i] / p[i];
  return sum;
}

Vector drawn(Stream& stream, std::size_t size, bool with_zeros) {
  Vector g(size);
  for (double& value : g) {
    value = std::pow(stream.normal(), 3);
    if (with_zeros && stream.uniform() < 0.3) value = 0;
  }
  g[0] = 1;
  return g;
}

TEST(WaterFilling, SpendsItsBudgetInProportionToMagnitudesBelowOne) {
  Stream stream(StreamKey{.seed = 4, .purpose = Purpose::method});
  for (int trial = 0; trial < 200; ++trial) {
    const Vector g = drawn(stream, 1 + stream.below(40), trial % 2 == 0);
    const auto support =
        static_cast<double>(std::count_if(g.begin(), g.end(), [](double v) { return v != 0; }));
    const double budget = 0.05 + stream.uniform() * support * 1.2;
    const Vector p = water_filling(g, budget);
    EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), std::min(budget, support), 1e-9);
    double share = 0;
    for (std::size_t i = 0; i < g.size(); ++i) {
      EXPECT_EQ(p[i] == 0, g[i] == 0);
      EXPECT_LE(p[i], 1);
      if (p[i] == 0 || p[i] >= 1 - 1e-12) continue;
      if (share == 0) share = p[i] / std::fabs(g[i]);
      EXPECT_NEAR(p[i] / std::fabs(g[i]) / share, 1, 1e-9);
    }
    // A certain entry would have got at least 1 of that share.
    for (std::size_t i = 0; i < g.size(); ++i) {
      if (p[i] >= 1 - 1e-12 && share > 0) {
        EXPECT_GE(share * std::fabs(g[i]), 1 - 1e-9);
      }
    }
  }
}

/// What one entry gives to another makes the second moment no smaller.
TEST(WaterFilling, CannotBeImprovedByMovingProbability) {
  Stream stream(StreamKey{.seed = 5, .purpose = Purpose::method});
  for (int trial = 0; trial < 100; ++trial) {
    const Vector g = drawn(stream, 20, false);
    const Vector p = water_filling(g, 1 + 15 * stream.uniform());
    const double best = moment(g, p);
    for (int move = 0; move < 100; ++move) {
      const std::size_t from = stream.below(20), to = stream.below(20);
      const double amount = std::min(p[from] * 0.5, 1 - p[to]) * stream.uniform();
      Vector other = p;
      other[from] -= amount;
      other[to] += amount;
      EXPECT_GE(moment(g, other), best * (1 - 1e-12));
    }
  }
}

/// With atoms s ||lambda||_inf <= ||lambda||_1 apart the second moment is ||lambda||_1^2 / s.
TEST(WaterFilling, HasTheMomentOfTheFormulaWhereNothingIsCertain) {
  const Value& entry = testing_support::golden("atomo.second_moment_unsaturated");
  const Vector lambda = testing_support::doubles(entry["input"]["lambda"]);
  const Vector p = water_filling(lambda, entry["input"]["s"].number());
  EXPECT_NEAR(moment(lambda, p), entry["expected"]["l1_squared_over_s"].number(), 1e-12);
}

/// Wangni's are the fewest entries for a second moment of (1 + epsilon) ||g||^2: with their sum as budget water filling
/// does not better.
TEST(Wangni, NeedsAsManyEntriesAsWaterFillingForTheSameVariance) {
  Stream stream(StreamKey{.seed = 6, .purpose = Purpose::method});
  for (int trial = 0; trial < 100; ++trial) {
    const Vector g = drawn(stream, 30, true);
    double squares = 0;
    for (double value : g) squares += value * value;
    for (double epsilon : {0.1, 1.0, 5.0}) {
      const Vector p = wangni_exact(g, epsilon).p;
      EXPECT_NEAR(moment(g, p), (1 + epsilon) * squares, 1e-9 * squares);
      const Vector water = water_filling(g, std::accumulate(p.begin(), p.end(), 0.0));
      for (std::size_t i = 0; i < g.size(); ++i) EXPECT_NEAR(p[i], water[i], 1e-9);
    }
  }
}

}  // namespace
}  // namespace telegrad::training
