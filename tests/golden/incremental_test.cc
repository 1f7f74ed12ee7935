// Quantised incremental updates (Rabbat and Nowak 2005): golden numbers, and the bound that the theory gives.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/codecs/values.h"
#include "sim/core/random.h"
#include "tests/support/golden.h"
#include "training/methods/quantise.h"

namespace telegrad::training {
namespace {

using testing_support::doubles;
using testing_support::golden;

TEST(GoldenIncremental, FollowsItsCycle) {
  const Value& entry = golden("incremental.cycle");
  const Value& input = entry["input"];
  const auto theta = doubles(input["theta"]), u = doubles(input["u"]);
  double psi = input["x0"].number();
  const double delta = input["delta"].number();
  const auto& steps = entry["expected"]["y_fraction_quantised"].items();
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const double y = psi - input["alpha"].number() * (psi - theta[i]);
    const auto want = doubles(steps[i]);
    EXPECT_NEAR(y, want[0], 1e-6);
    psi = delta * grid_point(static_cast<float>(y), static_cast<float>(delta), static_cast<float>(u[i]));
    EXPECT_NEAR(psi, want[2], 1e-6);
  }
}

TEST(GoldenIncremental, TakesTheBitsOfTheFormula) {
  const Value& entry = golden("incremental.bits_per_hop");
  const double range = entry["input"]["range"].number(), delta = entry["input"]["delta"].number();
  const auto most = static_cast<std::uint32_t>(std::lround(range / (2 * delta)));
  const codecs::ValueCoding coding(codecs::ValueCodec::levels, static_cast<std::uint16_t>(most),
                                   codecs::level_width(most));
  const auto d = static_cast<std::uint64_t>(entry["input"]["d"].integer());
  EXPECT_EQ(codecs::values_bits(coding, d), static_cast<std::uint64_t>(entry["expected"].integer()));
}

TEST(GoldenIncremental, RoundsWithoutBiasToItsNeighbours) {
  Stream stream(StreamKey{.seed = 1, .purpose = Purpose::method});
  double sum = 0, squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const std::int32_t point = grid_point(-0.3F, 0.25F, static_cast<float>(stream.uniform()));
    ASSERT_TRUE(point == -2 || point == -1);
    const double error = 0.25 * point + 0.3;
    sum += error;
    squares += error * error;
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 * 0.1 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 0.0625 * 0.2 * 0.8, 2e-4);  // step^2 f (1 - f)
}

/// f_i(x) = C_i |x - theta_i|: after M cycles min E f - f* <= R^2 / (2 alpha M) + the golden floor.
TEST(GoldenIncremental, StaysBelowItsBound) {
  const Value& input = golden("incremental.floor")["input"];
  const auto slopes = doubles(input["C"]);
  const double alpha = input["alpha"].number(), delta = input["delta"].number();
  const auto d = static_cast<std::size_t>(input["d"].integer());
  double all = 0, drift = 0;
  const double q = std::sqrt(static_cast<double>(d)) * delta / 2;
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    all += slopes[i];
    drift += slopes[i] * std::sqrt(static_cast<double>(i));
  }
  const double floor =
      alpha * all * all / 2 + static_cast<double>(slopes.size()) * q * q / (2 * alpha) + q * drift;
  EXPECT_NEAR(floor, golden("incremental.floor")["expected"]["floor"].number(), 1e-9);

  const std::vector<double> centres{-0.5, 0.2, 0.4};  // of f_i in every coordinate, along the diagonal
  auto f = [&](const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      double squares = 0;
      for (double value : x) squares += (value - centres[i]) * (value - centres[i]);
      sum += slopes[i] * std::sqrt(squares);
    }
    return sum;
  };
  const double best = f(std::vector<double>(d, 0.4));  // the heaviest centre outweighs the others
  std::vector<double> x(d, 0.0);
  const double distance = 0.4 * std::sqrt(static_cast<double>(d));
  constexpr int kCycles = 400;
  double least = f(x);
  Stream stream(StreamKey{.seed = 2, .purpose = Purpose::method});
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      double squares = 0;
      for (double value : x) squares += (value - centres[i]) * (value - centres[i]);
      for (double& value : x) {
        const double slope = squares > 0 ? slopes[i] * (value - centres[i]) / std::sqrt(squares) : 0;
        value = delta * grid_point(static_cast<float>(value - alpha * slope), static_cast<float>(delta),
                                   static_cast<float>(stream.uniform()));
      }
    }
    least = std::min(least, f(x));
  }
  EXPECT_LE(least - best, distance * distance / (2 * alpha * kCycles) + floor);
  EXPECT_GT(f(std::vector<double>(d, 0.0)) - best, 4 * floor);  // it had somewhere to go
}

}  // namespace
}  // namespace telegrad::training
