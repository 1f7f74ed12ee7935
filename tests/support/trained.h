#pragma once

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad::testing_support {

/// All workers at the end of a run. context: the workers of the plan are put in.
inline std::unique_ptr<training::Population> trained(const Plan& plan, const std::string& training,
                                                     const std::string& compression, Observer& observer,
                                                     TrainingContext context = {.evaluate_test = false}) {
  context.workers = plan.workers;
  auto workers = population(training, compression, context);
  const Ran ran = run_synchronous(plan, *workers, observer);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, plan.rounds);
  return workers;
}

inline std::unique_ptr<training::Population> trained(const Plan& plan, const std::string& training,
                                                     const std::string& compression = "{}",
                                                     const TrainingContext& context = {
                                                         .evaluate_test = false}) {
  Observer nobody;
  return trained(plan, training, compression, nobody, context);
}

/// What it has learnt: [d] float32.
inline at::Tensor learnt(const Plan& plan, const std::string& training, const std::string& compression) {
  return trained(plan, training, compression)->parameters();
}

}  // namespace telegrad::testing_support
