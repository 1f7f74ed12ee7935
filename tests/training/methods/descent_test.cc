// What follows from a contraction: every step decreases a smooth objective, residuals stay bounded.

#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/training/methods/contractions.h"
#include "training/methods/feedback.h"

namespace telegrad::training {
namespace {

using namespace testing_support;

/// A19: F(x - C(g) / L) <= F(x) - delta ||g||^2 / (2 L), on quadratics: where all curvatures are L nothing is to spare.
void expect_descent(const Contraction& c, const Vector& start, double flattest) {
  constexpr double kSmoothness = 4;
  std::vector<double> x(start.begin(), start.end());
  auto curvature = [&](std::size_t i) {
    return kSmoothness * std::pow(flattest, static_cast<double>(i % 7) / 6);
  };
  auto value = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += curvature(i) * x[i] * x[i] / 2;
    return sum;
  };
  for (int step = 0; step < 20; ++step) {
    Vector g;
    for (std::size_t i = 0; i < x.size(); ++i) g.push_back(static_cast<float>(curvature(i) * x[i]));
    const double before = value();
    const Vector c_of_g = sent(c.json, g);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] -= c_of_g[i] / kSmoothness;
    const double promised = squares(g) > 0 ? c.delta(g) * squares(g) / (2 * kSmoothness) : 0;
    EXPECT_GE(before - value(), promised - 1e-5 * before) << c.json << " step " << step;
  }
}

TEST(Contractions, DecreaseASmoothObjectiveInEveryStep) {
  for (const Contraction& c : contractions()) {
    for (const Vector& start : vectors()) {
      for (double flattest : {1.0, 0.01}) expect_descent(c, start, flattest);
    }
  }
}

TEST(Contractions, DecreaseByWhatTheReferenceSays) {
  const Value& entry = golden("contraction_gd.decrease");
  const auto curvature = doubles(entry["input"]["H_diag"]);
  auto x = doubles(entry["input"]["x"]);
  Vector g;
  for (std::size_t i = 0; i < 4; ++i) g.push_back(static_cast<float>(curvature[i] * x[i]));
  const Vector c_of_g = sent(R"({"type": "top_k", "k": 2})", g);
  double after = 0;
  for (std::size_t i = 0; i < 4; ++i) after += curvature[i] * std::pow(x[i] - c_of_g[i] / 2.0, 2) / 2;
  EXPECT_NEAR(distance(g, c_of_g), entry["expected"]["error2"].number(), 1e-6);
  EXPECT_NEAR(after, entry["expected"]["f_after"].number(), 1e-6);
  EXPECT_LE(after,
            entry["expected"]["f_before"].number() - entry["expected"]["guaranteed_decrease"].number());
}

/// The norm of the residual after each gradient, and the bound q (bound + ||g||), q = sqrt(1 - k / d).
void expect_bounded(const std::vector<Vector>& gradients, std::size_t k,
                    const std::function<void(std::size_t, double, double)>& check) {
  const Layout layout = vector_of(gradients.front().size());
  auto method = compressor(R"({"type": "top_k", "k": )" + std::to_string(k) + "}", layout);
  const double q = std::sqrt(1 - static_cast<double>(k) / static_cast<double>(layout.size()));
  double bound = 0;
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    bound = q * (bound + std::sqrt(squares(gradients[t])));
    (void)method->encode(gradients[t], Step{.round = t + 1}, Cut{});
    const auto residual = dynamic_cast<Feedback&>(*method).residual();
    check(t, std::sqrt(squares({residual.begin(), residual.end()})), bound);
  }
}

/// A19: what top-k leaves behind stays bounded (Alistarh et al. 2018).
TEST(TopK, LeavesAResidualWithinTheBound) {
  const Value& entry = golden("sparsified.residual_bound");
  std::vector<Vector> gradients;
  for (const Value& g : entry["input"]["gradients"].items()) {
    gradients.push_back(floats(g));
    for (float& value : gradients.back()) value *= 0.1F;  // eta
  }
  expect_bounded(gradients, 1, [&](std::size_t t, double norm, double bound) {
    const auto expected = doubles(entry["expected"]["norm_and_bound"].items()[t]);
    EXPECT_NEAR(norm, expected[0], 1e-6);
    EXPECT_NEAR(bound, expected[1], 1e-6);
  });
  std::vector<Vector> random;
  for (std::uint64_t round = 1; round <= 200; ++round) {
    random.push_back(normal_gradient(round, kDimension));
  }
  expect_bounded(random, 6,
                 [](std::size_t, double norm, double bound) { EXPECT_LE(norm, bound * (1 + 1e-6)); });
}

/// A15: of all unit vectors that a method can send, the one it does send is within an angle of the gradient.
TEST(Directions, AreNeverFurtherFromTheGradientThanOneOverTheRootOfItsSize) {
  auto cosine = [](const std::string& json, const Vector& g) {
    const Vector v = sent(json, g);
    double product = 0;
    for (std::size_t i = 0; i < g.size(); ++i) product += double{v[i]} * g[i];
    return product / std::sqrt(squares(v) * squares(g));
  };
  const std::string sign = R"({"type": "sign"})", axis = R"({"type": "top_k", "k": 1})";
  const Value& entry = golden("limited.directions");
  const auto g = floats(entry["input"]["g"]);
  EXPECT_NEAR(cosine(sign, g), entry["expected"]["sign_set"]["cos"].number(), 1e-6);
  EXPECT_NEAR(cosine(axis, g), entry["expected"]["axis_set"]["cos"].number(), 1e-6);
  for (std::size_t size : {1, 3, 64}) {
    const double least = 1 / std::sqrt(static_cast<double>(size)) - 1e-6;
    std::vector<Vector> all{Vector(size, 1), Vector(size)};
    all[1][size / 2] = 1;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) all.push_back(normal_gradient(seed, size));
    for (const Vector& x : all) {
      EXPECT_GE(cosine(sign, x), least);
      EXPECT_GE(cosine(axis, x), least);
    }
    EXPECT_NEAR(cosine(axis, all[0]), least, 2e-6) << "reached where all entries are equal";
    EXPECT_NEAR(cosine(sign, all[1]), least, 2e-6) << "reached on an axis";
  }
}

}  // namespace
}  // namespace telegrad::training
