// With the learning rate before the feedback, parameters less the mean residual follow plain gradient descent on gradients
// at the parameters (A6).

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/learning/gradient.h"

namespace telegrad {
namespace {

using testing_support::Plan;
using testing_support::population;

constexpr std::uint64_t kRounds = 13;  // in the last one everything is sent: no residual is left

/// Every worker sees all of its samples in each round; the learning rate halves every three rounds.
const std::string kTraining = R"({
  "dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10}, "partition": {"type": "iid"},
  "model": {"type": "mlp", "hidden": [16]}, "batch_size_per_worker": 128,
  "optimizer": {"type": "sgd", "learning_rate": 0.5, "schedule": {"type": "step", "every_rounds": 3, "factor": 0.5}}})";

std::string compression(const std::string& method, const std::string& place) {
  return R"({"uplink": {"type": ")" + method +
         R"(", "ratio": 1, "warmup_ratios": [0.05], "warmup_rounds": 12}, "learning_rate": ")" + place +
         "\"}";
}

at::Tensor after(std::uint64_t rounds, const std::string& with) {
  auto workers = population(kTraining, with, {.workers = 4});
  if (rounds == 0) return workers->parameters();
  Observer nobody;
  EXPECT_TRUE(run_synchronous(Plan{.workers = 4, .rounds = rounds}, *workers, nobody).ended);
  return workers->parameters();
}

/// The largest difference between the last parameters and those of gradient descent on the gradients that workers saw.
double distance(const std::string& with) {
  auto reference = population(kTraining, with, {.workers = 4});
  const training::Common& common = reference->common();
  at::Tensor x = after(0, with).to(at::kDouble);
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    const auto g = training::gradient(*common.model, after(round - 1, with), *common.dataset.train,
                                      common.split.learning, common.dataset.shape);
    x = x - g.values.to(at::kDouble) * common.rate(round);
  }
  return (after(kRounds, with) - x).abs().max().item<double>();
}

TEST(VirtualIterate, IsGradientDescentWithTheLearningRateBeforeTheFeedback) {
  EXPECT_LT(distance(compression("top_k", "before_feedback")), 1e-5);
}

TEST(VirtualIterate, IsNotWhereAResidualMeetsALaterLearningRate) {
  EXPECT_GT(distance(compression("top_k", "after_feedback")), 1e-3);
}

}  // namespace
}  // namespace telegrad
