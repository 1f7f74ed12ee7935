// What CLAT guarantees of each step and of a whole descent, through the registered method (A12).

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/payloads.h"
#include "tests/support/trainings.h"
#include "training/methods/clat_cost.h"
#include "training/methods/probabilities.h"

namespace telegrad::training {
namespace {

using Vector = std::vector<double>;

constexpr std::size_t kDimension = 40;
constexpr double kSmoothness = 2, kConvexity = 0.1;  // L and mu
constexpr double kFixedCost = 300;

/// F = sum of h_i x_i^2 / 2 with curvatures from mu to L; F* = 0.
double curvature(std::size_t i) {
  return kConvexity * std::pow(kSmoothness / kConvexity, static_cast<double>(i) / (kDimension - 1));
}
double value(const Vector& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += curvature(i) * x[i] * x[i] / 2;
  return sum;
}
std::vector<float> gradient(const Vector& x) {
  std::vector<float> g;
  for (std::size_t i = 0; i < x.size(); ++i) g.push_back(static_cast<float>(curvature(i) * x[i]));
  return g;
}

Vector start(std::uint64_t seed) {
  const auto drawn = testing_support::normal_gradient(seed, kDimension);
  return {drawn.begin(), drawn.end()};
}

MessageBits message(ClatMode mode) {
  return mode == ClatMode::sign ? MessageBits{32, 6 + 1} : MessageBits{0, 6 + 32};
}

const CommunicationCost kCost = CommunicationCost::affine(1, kFixedCost);

class Descent : public testing::TestWithParam<ClatMode> {
 protected:
  Descent() { layout_.add("x", {kDimension}, 0); }
  std::unique_ptr<Compressor> method() const {
    const std::string mode = GetParam() == ClatMode::sign ? "sign" : "sparsify";
    return testing_support::compressor(
        R"({"type": "clat", "mode": ")" + mode + R"(", "cost": {"model": "affine", "c0": 300}})", layout_);
  }
  Layout layout_;
};

/// Decrease of at least efficiency ||g||^2 / (2 L), and F - F* shrinks by 1 - efficiency / kappa.
TEST_P(Descent, EveryStepDecreasesByWhatIsGuaranteed) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Vector x = start(seed);
    auto clat = method();
    for (std::uint64_t step = 1; step <= 60; ++step) {
      const auto g = gradient(x);
      const ClatEfficiency vector(std::span<const float>{g});
      const ClatChoice chosen = tune(vector, GetParam(), kCost, message(GetParam()));
      const auto sent =
          testing_support::decoded(clat->encode(g, Step{.round = step}, Cut{}), *clat, kDimension);
      EXPECT_EQ(std::count_if(sent.begin(), sent.end(), [](float v) { return v != 0; }), chosen.entries);
      const double before = value(x);
      for (std::size_t i = 0; i < kDimension; ++i) x[i] -= sent[i] / kSmoothness;
      const double guaranteed = chosen.efficiency * vector.squared_norm() / (2 * kSmoothness);
      EXPECT_GE(before - value(x), guaranteed - 1e-6 * before);
      EXPECT_LE(value(x), (1 - chosen.efficiency * kConvexity / kSmoothness + 1e-6) * before);
    }
  }
}

/// Of all numbers of entries at the same point none has a larger decrease for its cost.
TEST_P(Descent, NoFixedNumberOfEntriesIsWorthMoreInAStep) {
  Vector x = start(3);
  const auto g = gradient(x);
  const ClatEfficiency vector(std::span<const float>{g});
  const ClatChoice chosen = tune(vector, GetParam(), kCost, message(GetParam()));
  for (std::size_t entries = 1; entries <= kDimension; ++entries) {
    const auto count = static_cast<double>(entries);
    EXPECT_LE(vector.of(GetParam(), count) / kCost.of(count, message(GetParam())),
              chosen.efficiency / chosen.cost * (1 + 1e-12));
  }
}

/// sum of C(T_i) <= (kappa ln(eps0 / eps) + 1) / min of efficiency / cost.
TEST_P(Descent, TheWholeCostStaysWithinTheBound) {
  for (double eps : {1e-1, 1e-3}) {
    Vector x = start(4);
    auto clat = method();
    const double begin = value(x);
    double cost = 0, least_worth = INFINITY;
    std::uint64_t step = 0;
    while (value(x) > eps * begin && step < 5000) {
      const auto g = gradient(x);
      const ClatChoice chosen =
          tune(ClatEfficiency(std::span<const float>{g}), GetParam(), kCost, message(GetParam()));
      least_worth = std::min(least_worth, chosen.efficiency / chosen.cost);
      const Payload payload = clat->encode(g, Step{.round = ++step}, Cut{});
      cost += static_cast<double>(payload.information_bits()) + kFixedCost;
      const auto sent = testing_support::decoded(payload, *clat, kDimension);
      for (std::size_t i = 0; i < kDimension; ++i) x[i] -= sent[i] / kSmoothness;
    }
    EXPECT_LE(value(x), eps * begin);
    EXPECT_LE(cost, (kSmoothness / kConvexity * std::log(1 / eps) + 1) / least_worth);
  }
}

std::string mode_name(const testing::TestParamInfo<ClatMode>& mode) {
  return mode.param == ClatMode::sign ? "signs" : "entries";
}

INSTANTIATE_TEST_SUITE_P(Clat, Descent, testing::Values(ClatMode::sparsify, ClatMode::sign), mode_name);

/// With entries drawn at random the mean decreases: with gamma = omega / L, E F(x+) is known from E Q^2 = g^2 / p.
TEST(StochasticClat, DecreasesInTheMeanByWhatIsGuaranteed) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Vector x = start(seed);
    const auto floats = gradient(x);
    const Vector g(floats.begin(), floats.end());
    for (double budget : {1.0, 4.0, 13.5, 39.0}) {
      const ClatEfficiency vector(g);
      const double omega = vector.stochastic(budget), step = omega / kSmoothness;
      const Vector p = water_filling(g, budget);
      double decrease = 0;
      for (std::size_t i = 0; i < kDimension; ++i) {
        decrease += step * g[i] * g[i] - step * step / 2 * curvature(i) * g[i] * g[i] / p[i];
      }
      EXPECT_GE(decrease, omega * vector.squared_norm() / (2 * kSmoothness) * (1 - 1e-9));
    }
  }
}

}  // namespace
}  // namespace telegrad::training
