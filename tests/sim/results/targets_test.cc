#include "sim/results/targets.h"

#include <gtest/gtest.h>

namespace telegrad::results {
namespace {

const std::vector<Evaluated> kEvaluations = {{10, 1.0, 0.5}, {20, 2.0, 0.7}, {30, 3.0, 0.6}, {40, 4.0, 0.8}};

TEST(ATarget, IsReachedBetweenTheLastEvaluationBelowAndTheFirstOneAtOrAbove) {
  Target target = judge(0.6, "validation", kEvaluations);
  EXPECT_TRUE(target.reached);
  EXPECT_EQ(target.after_s, 1.0);
  EXPECT_EQ(target.after_round, 10u);
  EXPECT_EQ(target.by_s, 2.0);
  EXPECT_EQ(target.round, 20u);
}

TEST(ATarget, IsReachedByAnAccuracyThatEqualsIt) { EXPECT_EQ(judge(0.7, "test", kEvaluations).round, 20u); }

TEST(ATarget, StaysReachedWhenTheAccuracyFallsAgain) {
  EXPECT_EQ(judge(0.65, "test", kEvaluations).round, 20u);
}

TEST(ATarget, ThatTheFirstEvaluationReachedHasNoLowerEnd) {
  Target target = judge(0.3, "validation", kEvaluations);
  EXPECT_TRUE(target.reached);
  EXPECT_EQ(target.after_s, std::nullopt);
  EXPECT_EQ(target.by_s, 1.0);
}

TEST(ATarget, ThatWasNotReachedSaysUntilWhen) {
  Target target = judge(0.9, "validation", kEvaluations);
  EXPECT_FALSE(target.reached);
  EXPECT_EQ(target.after_s, 4.0);
  EXPECT_EQ(target.by_s, std::nullopt);
  EXPECT_EQ(target.round, std::nullopt);
}

TEST(ATarget, OfARunWithoutEvaluationsWasNotReached) {
  Target target = judge(0.9, "validation", {});
  EXPECT_FALSE(target.reached);
  EXPECT_EQ(target.after_s, std::nullopt);
}

}  // namespace
}  // namespace telegrad::results
