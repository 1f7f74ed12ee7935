#include "training/methods/grid_state.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace telegrad::training {
namespace {

using Runs = std::vector<GridSteps::Run>;
using testing_support::doubles;
using testing_support::golden;

Runs runs_of(const GridSteps& steps) { return {steps.runs().begin(), steps.runs().end()}; }

TEST(GridSteps, ShrinkWhereNothingWasLost) {
  const GridSteps first(10, 0.5, 0.8);
  EXPECT_EQ(runs_of(first), (Runs{{10, 0}}));
  const GridSteps::Part all[] = {{0, 4}, {4, 10}};
  const GridSteps second = first.shrunk(all);
  EXPECT_EQ(runs_of(second), (Runs{{10, 1}})) << "one run without losses";
  EXPECT_DOUBLE_EQ(second.step(second.runs()[0]), 0.4);
  const GridSteps::Part some[] = {{0, 3}, {6, 10}};
  const GridSteps third = second.shrunk(some);
  EXPECT_EQ(runs_of(third), (Runs{{3, 2}, {6, 1}, {10, 2}}));
  const GridSteps::Part rest[] = {{3, 6}};
  EXPECT_EQ(runs_of(third.shrunk(rest)), (Runs{{10, 2}}));
  EXPECT_EQ(runs_of(third.shrunk({})), runs_of(third));
  const GridSteps::Part across[] = {{2, 7}};
  EXPECT_EQ(runs_of(third.shrunk(across)), (Runs{{2, 2}, {3, 3}, {6, 2}, {7, 3}, {10, 2}}));
}

TEST(GridSteps, AreWalkedThroughAsCoordinatesRise) {
  const GridSteps::Part some[] = {{2, 4}};
  const GridSteps steps = GridSteps(6, 1, 0.5).shrunk(some);
  StepCursor cursor(steps);
  std::vector<double> lengths;
  for (std::uint32_t i = 0; i < 6; ++i) lengths.push_back(cursor.at(i));
  EXPECT_EQ(lengths, (std::vector<double>{1, 1, 0.5, 0.5, 1, 1}));
}

TEST(GoldenGrid, FollowsAScalar) {
  const Value& entry = golden("grid.scalar");
  const auto x = doubles(entry["input"]["x"]);
  const auto bits = static_cast<std::int32_t>(entry["expected"]["bits_needed"].integer());
  const std::int32_t most = (1 << (bits - 1)) - 1;
  double step = entry["input"]["delta0"].number();
  float c = static_cast<float>(entry["input"]["c0"].number());
  for (std::size_t t = 0; t < x.size(); ++t) {
    const auto want = doubles(entry["expected"]["delta_z_c_error"].items()[t]);
    EXPECT_NEAR(step, want[0], 1e-12);
    const std::int32_t z = grid_number(static_cast<float>(x[t]), c, step, most);
    EXPECT_EQ(z, want[1]) << t;
    c += static_cast<float>(step * z);
    EXPECT_NEAR(c, want[2], 1e-6) << t;
    EXPECT_NEAR(std::abs(x[t] - c), want[3], 1e-6) << t;
    step *= entry["input"]["rho"].number();
  }
}

TEST(GoldenGrid, SaturatesBeyondItsLimit) {
  const Value& entry = golden("grid.no_saturation_limit");
  const auto bits = doubles(entry["input"]["b"]);
  const auto limits = doubles(entry["expected"]["limit_strict"]);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const std::int32_t most = (1 << (static_cast<int>(bits[i]) - 1)) - 1;
    const auto limit = static_cast<float>(limits[i]);
    for (float side : {1.0F, -1.0F}) {
      const float inside = side * limit * 0.999F;
      EXPECT_LE(std::abs(inside - static_cast<float>(grid_number(inside, 0, 1, most))), 0.5F);
      const float outside = side * (limit + 0.1F);
      EXPECT_GT(std::abs(outside - static_cast<float>(grid_number(outside, 0, 1, most))), 0.5F);
      EXPECT_EQ(grid_number(side * 1e30F, 0, 1, most), side > 0 ? most : -most);
    }
  }
}

TEST(Grid, StandsStillWhereAStepIsBelowAllFloats) { EXPECT_EQ(grid_number(1, 0, 1e-300, 7), 0); }

}  // namespace
}  // namespace telegrad::training
