// How single values are rounded at random: the uniforms are multiples of 2^-24, so that mean and variance can be had from
// all of them.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/support/golden.h"
#include "tests/support/payloads.h"
#include "training/methods/quantise.h"

namespace telegrad::training {
namespace {

using testing_support::doubles;
using testing_support::floats;
using testing_support::golden;

constexpr double kUniforms = 1 << 24;

struct Moments {
  double mean = 0;
  double variance = 0;  // about the value, not the mean
  double gap = 0;       // between the two neighbours
};

/// Over all uniforms. A value becomes the one it does for 0 until some uniform, from there on another one.
Moments moments(double value, const std::function<double(float u)>& round) {
  const double up = round(0);
  const double low = round(1 - 0x1p-24F);
  std::uint32_t ups = 0, lows = 1 << 24;  // the first that does not become `up` is at most this
  while (ups < lows) {
    const std::uint32_t middle = (ups + lows) / 2;
    const double got = round(static_cast<float>(middle) * 0x1p-24F);
    EXPECT_TRUE(got == up || got == low) << value << " becomes " << got;
    if (got == up) {
      ups = middle + 1;
    } else {
      lows = middle;
    }
  }
  const double p = ups / kUniforms;
  return {p * up + (1 - p) * low, p * std::pow(up - value, 2) + (1 - p) * std::pow(low - value, 2),
          std::fabs(up - low)};
}

/// How a vector is rounded: the float and its uniform.
using Rounding = std::function<double(float value, float u)>;

/// Checks the mean of each entry; the variance of all.
double variance(const std::vector<float>& x, const Rounding& round) {
  double sum = 0;
  for (float value : x) {
    const Moments got = moments(value, [&](float u) { return round(value, u); });
    // Two uniforms more or less, and the rounding of the float arithmetic.
    EXPECT_NEAR(got.mean, value, 2 / kUniforms * got.gap + 1e-6 * std::fabs(value));
    sum += got.variance;
  }
  return sum;
}

double squares(const std::vector<float>& x) {
  double sum = 0;
  for (float value : x) sum += double{value} * value;
  return sum;
}

float norm_of(const std::vector<float>& x) { return static_cast<float>(std::sqrt(squares(x))); }
float largest(const std::vector<float>& x) {
  float most = 0;
  for (float value : x) most = std::max(most, std::fabs(value));
  return most;
}

Rounding qsgd(float norm, int s) {
  return [=](float v, float u) { return double{norm} / s * stochastic_level(v, norm, s, u); };
}
Rounding ternary(float scale) {
  return [=](float v, float u) { return double{scale} * (ternary_code(v, scale, u) - 1); };
}
double to_power(float v, float u) { return natural(v, u); }
Rounding dithering(float norm, int s) {
  return [=](float v, float u) {
    const int level = dithered_level(v, norm, s, u);
    return level == 0 ? 0.0 : std::copysign(std::ldexp(double{norm}, std::abs(level) - s), level);
  };
}

TEST(Rounding, HasTheVarianceOfTheReference) {
  const auto x = floats(golden("qsgd.exact")["input"]["x"]);
  EXPECT_NEAR(variance(x, qsgd(13, 4)), golden("qsgd.exact")["expected"]["variance"].number(), 1e-4);
  const auto ternary_x = floats(golden("terngrad.exact")["input"]["x"]);
  EXPECT_NEAR(variance(ternary_x, ternary(1)), golden("terngrad.exact")["expected"]["variance"].number(),
              1e-6);
  const auto powers = floats(golden("natural.exact")["input"]["x"]);
  EXPECT_NEAR(variance(powers, to_power), golden("natural.exact")["expected"]["variance"].number(), 1e-5);
  const auto g1 = floats(golden("g1.terngrad")["input"]["x"]);
  EXPECT_NEAR(variance(g1, ternary(500)) / squares(g1),
              golden("g1.terngrad")["expected"]["var_over_norm2_noclip"].number(), 1e-6);
  EXPECT_NEAR(variance(g1, to_power) / squares(g1),
              golden("g1.natural_variance")["expected"]["var_over_norm2"].number(), 1e-6);
}

std::vector<std::vector<float>> vectors() {
  std::vector<std::vector<float>> all{testing_support::normal_gradient(1, 64), std::vector<float>(64, 2.0F),
                                      std::vector<float>(64)};
  all[2][7] = -3;
  all.emplace_back();
  for (int i = 0; i < 64; ++i) all.back().push_back(std::pow(-0.8F, static_cast<float>(i)));
  return all;
}

/// A3.
TEST(Rounding, StaysWithinTheBoundsOfTheVariance) {
  constexpr double kDimension = 64;
  const double root = std::sqrt(kDimension);
  for (const auto& x : vectors()) {
    const double all = squares(x) * (1 + 1e-6);
    for (int s : {1, 4, 16}) {
      EXPECT_LE(variance(x, qsgd(norm_of(x), s)), std::min(kDimension / s / s, root / s) * all);
    }
    for (int s : {2, 4, 8}) {
      const double step = root * std::exp2(1 - s);
      EXPECT_LE(variance(x, dithering(norm_of(x), s)), (0.125 + step * std::min(1.0, step)) * all);
    }
    EXPECT_LE(variance(x, to_power), all / 8);
    EXPECT_LE(variance(x, ternary(largest(x))), (root - 1) / 2 * all);
  }
}

TEST(Rounding, TheBoundsAreThoseOfTheReference) {
  const Value& levels = golden("qsgd.bounds");
  for (std::size_t i = 0; i < levels["input"]["d_s"].items().size(); ++i) {
    const auto d_s = doubles(levels["input"]["d_s"].items()[i]);
    EXPECT_NEAR(std::min(d_s[0] / d_s[1] / d_s[1], std::sqrt(d_s[0]) / d_s[1]),
                doubles(levels["expected"]["variance_bound"])[i], 1e-12);
  }
  const Value& powers = golden("natural.dithering_omega");
  for (std::size_t i = 0; i < powers["input"]["d_s_r"].items().size(); ++i) {
    const auto d_s_r = doubles(powers["input"]["d_s_r"].items()[i]);
    const double step = std::pow(d_s_r[0], 1 / d_s_r[2]) * std::exp2(1 - d_s_r[1]);
    EXPECT_NEAR(0.125 + step * std::min(1.0, step), doubles(powers["expected"])[i], 1e-12);
  }
}

/// The vectors that reach the bound of ternary rounding.
TEST(Rounding, TernaryReachesItsBound) {
  for (const char* d : {"4", "9", "100"}) {
    const Value& entry = golden(std::string("terngrad.worst_case.d") + d);
    const auto size = static_cast<std::size_t>(std::stoi(d));
    std::vector<float> x(size, static_cast<float>(1 / (std::sqrt(static_cast<double>(size)) + 1)));
    x[0] = 1;
    EXPECT_NEAR(variance(x, ternary(1)) / squares(x), entry["expected"]["bound"].number(), 1e-5);
    EXPECT_NEAR(entry["expected"]["var_over_norm2"].number(), entry["expected"]["bound"].number(), 1e-12);
  }
}

/// QSGD with one level and the norm: on average at most s (s + sqrt d) entries are not zero.
TEST(Rounding, LeavesFewEntriesThatAreNotZero) {
  for (const auto& x : vectors()) {
    for (int s : {1, 2, 4}) {
      double entries = 0;
      for (float value : x) {
        const auto is_there = [&](float u) {
          return stochastic_level(value, norm_of(x), s, u) == 0 ? 0.0 : 1.0;
        };
        entries += moments(0, is_there).mean;
      }
      EXPECT_LE(entries, s * (s + 8.0) * (1 + 1e-6));
    }
  }
}

}  // namespace
}  // namespace telegrad::training
