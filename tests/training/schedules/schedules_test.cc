#include "training/schedules/schedule.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

Schedule make(const std::string& json) {
  return make_schedule(testing_support::described("schedules", json));
}

TEST(Schedules, ConstantStaysAtOne) {
  auto schedule = make(R"({"type": "constant"})");
  EXPECT_DOUBLE_EQ(schedule(1), 1);
  EXPECT_DOUBLE_EQ(schedule(1000000), 1);
}

TEST(Schedules, StepFallsEveryFewRounds) {
  auto schedule = make(R"({"type": "step", "every_rounds": 10, "factor": 0.5})");
  EXPECT_DOUBLE_EQ(schedule(10), 1);
  EXPECT_DOUBLE_EQ(schedule(11), 0.5);
  EXPECT_DOUBLE_EQ(schedule(31), 0.125);
}

TEST(Schedules, CosineFallsToItsFinalFactorAndStaysThere) {
  auto schedule = make(R"({"type": "cosine", "rounds": 100, "final_factor": 0.2})");
  EXPECT_DOUBLE_EQ(schedule(1), 1);
  EXPECT_NEAR(schedule(51), 0.6, 1e-12);
  EXPECT_NEAR(schedule(101), 0.2, 1e-12);
  EXPECT_NEAR(schedule(500), 0.2, 1e-12);
}

TEST(Schedules, WarmUpRisesToTheFullRate) {
  auto schedule = make(R"({"type": "constant", "warmup_rounds": 4})");
  EXPECT_DOUBLE_EQ(schedule(1), 0.2);
  EXPECT_DOUBLE_EQ(schedule(4), 0.8);
  EXPECT_DOUBLE_EQ(schedule(5), 1);
}

/// The steps of two published experiments, in rounds t + 1.
TEST(Schedules, MemSgdAndBottouTakeTheStepsOfTheReference) {
  const auto memory = make(R"({"type": "mem_sgd", "lambda": 1.476234833532379e-06, "shift": 47236})");
  const auto of_memory = testing_support::doubles(testing_support::golden("memsgd.step")["expected"]);
  EXPECT_NEAR(2 * memory(1), of_memory[0], 1e-12 * of_memory[0]);
  EXPECT_NEAR(2 * memory(677400), of_memory[1], 1e-12 * of_memory[1]);
  const auto bottou = make(R"({"type": "bottou", "decay": 1.476234833532379e-05})");
  const auto of_bottou = testing_support::doubles(testing_support::golden("bottou.step")["expected"]);
  EXPECT_NEAR(10 * bottou(1), of_bottou[0], 1e-12 * of_bottou[0]);
  EXPECT_NEAR(10 * bottou(677400), of_bottou[1], 1e-12 * of_bottou[1]);
}

}  // namespace
}  // namespace telegrad::training
