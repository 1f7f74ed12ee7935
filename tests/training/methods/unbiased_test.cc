// E Q(x) = x and the variance of the theory: of the rounding of one value by enumeration of all uniforms, of registered
// methods over many rounds.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/support/golden.h"
#include "tests/support/payloads.h"
#include "tests/training/methods/promises.h"
#include "training/methods/clat_cost.h"
#include "training/methods/probabilities.h"
#include "training/methods/randomness.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using Vector = std::vector<double>;

double sum_of(const Vector& x, const std::function<double(double)>& term) {
  double sum = 0;
  for (double value : x) sum += term(value);
  return sum;
}
double squares(const Vector& x) {
  return sum_of(x, [](double v) { return v * v; });
}
double magnitudes(const Vector& x) {
  return sum_of(x, [](double v) { return std::fabs(v); });
}
double largest(const Vector& x) {
  double most = 0;
  for (double value : x) most = std::max(most, std::fabs(value));
  return most;
}

/// The variance of a value between two neighbours, when the mean is the value itself.
double between(double value, double low, double high) { return (value - low) * (high - value); }

double qsgd_variance(const Vector& x, double norm, double s) {
  return sum_of(x, [&](double v) {
    const double low = std::floor(s * std::fabs(v) / norm) * norm / s;
    return between(std::fabs(v), low, low + norm / s);
  });
}
double natural_variance(const Vector& x) {
  return sum_of(x, [](double v) {
    if (v == 0) return 0.0;
    const double low = std::exp2(std::floor(std::log2(std::fabs(v))));
    return between(std::fabs(v), low, 2 * low);
  });
}
double dithering_variance(const Vector& x, double norm, int s) {
  return sum_of(x, [&](double v) {
    const double r = std::fabs(v) / norm;
    if (r == 0 || r >= 1) return 0.0;
    const double least = std::exp2(1 - s);
    const double low = r < least ? 0 : std::exp2(std::floor(std::log2(r)));
    return norm * norm * between(r, low, r < least ? least : 2 * low);
  });
}
double variance_of(const Vector& x, const Vector& p) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += p[i] > 0 ? x[i] * x[i] * (1 / p[i] - 1) : 0;
  return sum;
}
double clat_variance(const Vector& x) {
  const auto chosen =
      tune(ClatEfficiency(x), ClatMode::stochastic, CommunicationCost::affine(1, 100), {0, 4 + 32});
  return variance_of(x, water_filling(x, static_cast<double>(chosen.entries)));
}

struct Case {
  std::string json;
  std::function<double(const Vector&)> variance;  // of all entries together
};

std::vector<Case> cases() {
  return {
      {R"({"type": "qsgd", "levels": 4, "norm": "l2"})",
       [](const Vector& x) { return qsgd_variance(x, std::sqrt(squares(x)), 4); }},
      {R"({"type": "qsgd", "levels": 7, "code": "elias"})",
       [](const Vector& x) { return qsgd_variance(x, largest(x), 7); }},
      {R"({"type": "terngrad", "clip_deviations": 0})",
       [](const Vector& x) { return largest(x) * magnitudes(x) - squares(x); }},
      {R"({"type": "natural"})", natural_variance},
      {R"({"type": "natural_dithering", "levels": 4})",
       [](const Vector& x) { return dithering_variance(x, std::sqrt(squares(x)), 4); }},
      {R"({"type": "wangni", "epsilon": 1})",
       [](const Vector& x) { return variance_of(x, wangni_exact(x, 1).p); }},
      {R"({"type": "wangni", "density": 0.3})",
       [](const Vector& x) { return variance_of(x, wangni_greedy(x, 0.3).p); }},
      {R"({"type": "atomo", "k": 3})", [](const Vector& x) { return variance_of(x, water_filling(x, 3)); }},
      {R"({"type": "clat", "mode": "stochastic", "cost": {"model": "affine", "c0": 100}})", clat_variance},
      {R"({"type": "rand_k", "k": 3, "error_feedback": false})",
       [](const Vector& x) { return (12 / 3.0 - 1) * squares(x); }},
      {R"({"type": "rand_k", "k": 3, "error_feedback": false, "shared": false})",
       [](const Vector& x) { return (12 / 3.0 - 1) * squares(x); }},
  };
}

TEST(UnbiasedMethods, AreAllTested) {
  std::vector<std::string> settings;
  for (const Case& c : cases()) settings.push_back(c.json);
  // Spectral ATOMO is no compressor: tests/contract/atomo_svd_test.cc.
  testing_support::expect_all_with("unbiased", settings, {"atomo_svd"});
}

/// A1 and A2 of registered methods, at 5 standard errors of 6,000 rounds.
TEST(UnbiasedMethods, HaveTheMeanAndTheVarianceOfTheTheory) {
  Layout tensors;
  tensors.add("x", {12}, 0.1);
  const std::vector<float> x{-5, 1, 12, -7, 0.5F, 0.25F, -100, 50, 6, -30, 0, 3};
  const Vector wide(x.begin(), x.end());
  for (const Case& c : cases()) {
    auto method = compressor(c.json, tensors);
    constexpr int kDraws = 6000;
    Vector sum(12), square(12);
    double error = 0, error_square = 0;
    for (int draw = 1; draw <= kDraws; ++draw) {
      const auto got =
          decoded(method->encode(x, Step{.round = static_cast<std::uint64_t>(draw)}, Cut{}), *method, 12);
      double distance = 0;
      for (std::size_t i = 0; i < 12; ++i) {
        sum[i] += got[i];
        square[i] += double{got[i]} * got[i];
        distance += (double{got[i]} - wide[i]) * (double{got[i]} - wide[i]);
      }
      error += distance / kDraws;
      error_square += distance * distance / kDraws;
    }
    for (std::size_t i = 0; i < 12; ++i) {
      const double mean = sum[i] / kDraws;
      const double deviation = std::sqrt(std::max(square[i] / kDraws - mean * mean, 0.0) / kDraws);
      EXPECT_NEAR(mean, wide[i], 5 * deviation + 1e-5 * std::fabs(wide[i])) << c.json << " " << i;
    }
    const double deviation = std::sqrt(std::max(error_square - error * error, 0.0) / kDraws);
    const double expected = c.variance(wide);
    EXPECT_GT(expected, 0) << c.json;
    EXPECT_NEAR(error, expected, 5 * deviation + 1e-5 * expected) << c.json;
  }
}

/// A1 and the contraction of rand-k: all draws of 2 of 4 are equally likely, twelve of them in order.
TEST(RandK, OverAllDrawsKeepsEachEntryEquallyOften) {
  const Value& entry = testing_support::golden("randk.contraction_exact");
  const auto x = testing_support::doubles(entry["input"]["x"]);
  Vector kept(4);
  double unscaled = 0, scaled = 0;
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 3; ++second) {
      const double u[] = {(first + 0.5) / 4, (second + 0.5) / 3};
      std::size_t next = 0;
      Vector sent(4);
      for (std::uint32_t at : draw_without_replacement(4, 2, [&] { return u[next++]; })) sent[at] = x[at];
      for (std::size_t i = 0; i < 4; ++i) {
        kept[i] += 2 * sent[i] / 12;
        unscaled += std::pow(x[i] - sent[i], 2) / 12;
        scaled += std::pow(x[i] - 2 * sent[i], 2) / 12;
      }
    }
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(kept[i], x[i], 1e-12);
  EXPECT_NEAR(unscaled, entry["expected"]["one_minus_k_over_d"].number(), 1e-12);
  EXPECT_NEAR(scaled, entry["expected"]["variance_scaled_by_d_over_k"].number(), 1e-12);
}

}  // namespace
}  // namespace telegrad::training
