#include "training/learning/average.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::golden;

TEST(Average, HasTheSharesOfTheReference) {
  const Value& entry = golden("memsgd.average_weight");
  const auto rounds = testing_support::doubles(entry["input"]["t"]);
  const auto shares = testing_support::doubles(entry["expected"]["rho"]);
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    EXPECT_NEAR(square_share(static_cast<std::uint64_t>(rounds[i]), 3), shares[i], 1e-12);
  }
}

TEST(Average, IsTheWeightedMeanOfAllParameters) {
  Replica before{.identity = 1, .parameters = at::full({2}, 100.0F), .velocity = {}};
  double sum = 0;
  double weights = 0;
  for (std::uint64_t t = 0; t < 50; ++t) {
    Replica next{
        .identity = t + 2, .parameters = at::full({2}, 1.0F / static_cast<float>(t + 1)), .velocity = {}};
    average_in(next, before, square_share(t, 7));
    const double weight = (static_cast<double>(t) + 7) * (static_cast<double>(t) + 7);
    sum += weight * next.parameters[0].item<double>();
    weights += weight;
    before = next;
  }
  EXPECT_NEAR(before.average[1].item<double>(), sum / weights, 1e-12);
  EXPECT_NEAR(evaluated_parameters(before)[0].item<double>(), sum / weights, 1e-7);
}

TEST(Average, IsOptional) {
  const Table table = training_parameters();
  const std::string base = R"({"dataset": {"type": "clat_benchmark"}, "model": {"type": "logistic"},
                               "optimizer": {"type": "sgd", "learning_rate": 1})";
  EXPECT_FALSE(average_share(testing_support::resolved(base + "}", table)));
  const auto equal =
      average_share(testing_support::resolved(base + R"(, "average": {"weights": "equal"}})", table));
  EXPECT_DOUBLE_EQ(equal(1), 1);
  EXPECT_DOUBLE_EQ(equal(4), 0.25);
  const auto squares =
      average_share(testing_support::resolved(base + R"(, "average": {"shift": 3}})", table));
  EXPECT_DOUBLE_EQ(squares(2), 0.64);
}

}  // namespace
}  // namespace telegrad::training
