// The regularised binary model against numbers worked out apart from this code.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sim/core/errors.h"
#include "tests/support/golden.h"
#include "tests/support/trainings.h"
#include "training/learning/gradient.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

using testing_support::described;
using testing_support::golden;

constexpr const char* kModel = R"({"type": "logistic", "binary": true, "bias": false, "l2": 0.005})";

Dataset benchmark() { return datasets().make(described("datasets", R"({"type": "clat_benchmark"})"), 1); }

std::vector<std::uint32_t> all_of(const Samples& samples) {
  std::vector<std::uint32_t> all(samples.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(Logistic, DescendsToTheOptimumOfTheReference) {
  const Dataset dataset = benchmark();
  const auto model = models().make(described("models", kModel), dataset);
  ASSERT_EQ(model->layout().size(), 50);
  const auto all = all_of(*dataset.train);
  at::Tensor x = at::zeros({50});
  Gradient g = gradient(*model, x, *dataset.train, all, dataset.shape);
  const Value& data = golden("clat.data")["expected"];
  const Value& constants = golden("clat.constants")["expected"];
  const auto first = testing_support::doubles(data["gradient_at_zero_first3"]);
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(g.values.const_data_ptr<float>()[j], first[j], 1e-6);
  EXPECT_NEAR(norm(span_of(g.values)), data["gradient_norm_at_zero"].number(), 1e-6);
  EXPECT_NEAR(g.loss, constants["f0"].number(), 1e-6);
  // Plain descent is within 1e-6 of the optimum after 61 steps, and stays.
  for (int step = 0; step < 150; ++step) {
    x = x - g.values * (1 / constants["L"].number());
    g = gradient(*model, x, *dataset.train, all, dataset.shape);
  }
  EXPECT_NEAR(g.loss, constants["fstar"].number(), 1e-6);
  EXPECT_NEAR(evaluate(*model, x, *dataset.test, all, dataset.shape).loss, g.loss, 1e-6);
  EXPECT_LT(norm(span_of(g.values)), 1e-4);
}

TEST(Logistic, WantsTwoClassesToBeBinary) {
  Dataset dataset = benchmark();
  dataset.classes = 3;
  EXPECT_THROW((void)models().make(described("models", kModel), dataset), ScenarioError);
}

TEST(Logistic, ThePenaltyLeavesTheInterceptAlone) {
  const Dataset dataset = benchmark();
  const auto plain = models().make(described("models", R"({"type": "logistic"})"), dataset);
  const auto with = models().make(described("models", R"({"type": "logistic", "l2": 0.1})"), dataset);
  const auto all = all_of(*dataset.train);
  at::Tensor x = at::zeros({102}) + 0.5;
  const Gradient a = gradient(*plain, x, *dataset.train, all, dataset.shape);
  const Gradient b = gradient(*with, x, *dataset.train, all, dataset.shape);
  EXPECT_NEAR(b.loss - a.loss, 0.1 / 2 * 100 * 0.25, 1e-5);
  for (int i : {0, 99, 100, 101}) {
    const float difference = b.values.const_data_ptr<float>()[i] - a.values.const_data_ptr<float>()[i];
    EXPECT_NEAR(difference, i < 100 ? 0.05 : 0.0, 1e-6) << i;
  }
}

}  // namespace
}  // namespace telegrad::training
