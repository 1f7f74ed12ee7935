// ||x - C(x)||^2 <= (1 - delta) ||x||^2.

#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/training/methods/contractions.h"
#include "tests/training/methods/promises.h"

namespace telegrad::training {
namespace {

using namespace testing_support;

TEST(Contractions, AreAllTested) {
  std::vector<std::string> settings;
  for (const Contraction& c : contractions()) settings.push_back(c.json);
  expect_all_with("contraction", settings);
}

/// A4.
TEST(Contractions, LeaveNoMoreThanTheyPromise) {
  for (const Contraction& c : contractions()) {
    for (const Vector& x : vectors()) {
      EXPECT_LE(distance(x, sent(c.json, x)), (1 - c.delta(x) + 1e-6) * squares(x)) << c.json;
    }
  }
}

TEST(Contractions, OfTopKAreExactOnlyWhereAllMagnitudesAreEqual) {
  const std::string top = R"({"type": "top_k", "k": 8})";
  for (const Vector& x : vectors()) {
    const double left = distance(x, sent(top, x)) / squares(x);
    if (x == Vector(kDimension, 2.0F)) {
      EXPECT_DOUBLE_EQ(left, 1 - 8.0 / 64);
    } else {
      EXPECT_LT(left, 1 - 8.0 / 64 - 1e-3);
    }
  }
}

/// The mean magnitude contracts; the norm over sqrt(d) does not.
TEST(ScaledSign, ContractsWithTheMeanMagnitudeOnly) {
  Vector one_hot(100);
  one_hot[3] = 1;
  for (const auto& [name, x] : {std::pair{"g1.scaled_sign_error", floats(golden("g1.norms")["input"]["x"])},
                                std::pair{"onehot100.scaled_sign_error", one_hot}}) {
    const Value& expected = golden(name)["expected"];
    EXPECT_NEAR(distance(x, sent(R"({"type": "scaled_sign"})", x)) / squares(x),
                expected["l1_over_d"].number(), 1e-6);
    EXPECT_NEAR(distance(x, sent(R"({"type": "scaled_sign", "scale": "l2"})", x)) / squares(x),
                expected["l2_over_sqrt_d"].number(), 1e-6);
    EXPECT_GT(expected["l2_over_sqrt_d"].number(), 1) << "no contraction";
  }
}

}  // namespace
}  // namespace telegrad::training
