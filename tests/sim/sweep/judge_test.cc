#include "sim/sweep/judge.h"

#include <gtest/gtest.h>

namespace telegrad::sweep {
namespace {

/// Rounds of a second; an evaluation after each, with these validation accuracies.
results::Digest run(const std::vector<double>& accuracies) {
  results::Digest digest;
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    results::RoundDigest round;
    round.record.round = i + 1;
    round.record.end = std::chrono::seconds(i + 1);
    round.record.on_air = OnAir{.up = 10, .down = 20, .retransmitted_up = 0, .retransmitted_down = 0};
    round.evaluation.validation_accuracy = accuracies[i];
    round.evaluation.test_accuracy = accuracies[i] - 0.01;
    digest.rounds.push_back(round);
  }
  return digest;
}

TEST(Judge, TheMeanOfThreeEvaluationsMustReachATarget) {
  Reached reached = judge(0.7, "validation", run({0.5, 0.9, 0.6, 0.65, 0.8, 0.9}));
  EXPECT_TRUE(reached.reached);
  EXPECT_EQ(reached.round, 4u) << "0.9, 0.6, 0.65: the first three whose mean is above; one of 0.9 is not";
  EXPECT_EQ(reached.after_round, 3u);
  EXPECT_EQ(reached.after_s, 3.0);
  EXPECT_EQ(reached.by_s, 4.0);
  EXPECT_EQ(reached.test_accuracy, 0.65 - 0.01);
  EXPECT_EQ(reached.up_on_air_bytes, 40u);
  EXPECT_EQ(reached.down_on_air_bytes, 80u);
}

TEST(Judge, TwoEvaluationsAreNotEnough) { EXPECT_FALSE(judge(0.5, "validation", run({0.9, 0.9})).reached); }

TEST(Judge, WhatIsNeverReachedIsCensoredAtTheLastEvaluation) {
  Reached reached = judge(0.95, "validation", run({0.5, 0.6, 0.7, 0.8}));
  EXPECT_FALSE(reached.reached);
  EXPECT_EQ(reached.after_s, 4.0);
  EXPECT_FALSE(reached.by_s.has_value());
}

TEST(Judge, RoundsWithoutAnEvaluationAreSkipped) {
  results::Digest digest = run({0.9, 0.9, 0.9, 0.9});
  digest.rounds[1].evaluation = {};
  EXPECT_EQ(judge(0.9, "validation", digest).round, 4u);
  EXPECT_FALSE(judge(0.9, "test", digest).reached);
}

}  // namespace
}  // namespace telegrad::sweep
