// Models that keep running statistics, and models that draw random masks, in whole trainings.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/learning/gradient.h"

namespace telegrad {
namespace {

using testing_support::Plan;
using testing_support::population;
using testing_support::run_synchronous;

std::string training_of(const std::string& model) {
  return R"({"dataset": {"type": "fashion_mnist", "validation": 200}, "optimizer": {"type": "sgd", "learning_rate": 0.1},
             "batch_size_per_worker": 4, "model": )" +
         model + "}";
}

const std::string kResidual = training_of(R"({"type": "resnet_cifar", "depth": 8})");

const training::Worker& worker(training::Population& workers, std::uint32_t rank) {
  return dynamic_cast<const training::Worker&>(workers.learner(Rank{rank}));
}

std::unique_ptr<training::Population> trained(const std::string& training, const Plan& plan) {
  Observer nobody;
  auto workers = population(training, "{}", {.workers = plan.workers, .evaluate_test = false});
  EXPECT_TRUE(run_synchronous(plan, *workers, nobody).ended);
  return workers;
}

TEST(RunningStatistics, StayWithTheirWorkerWhileParametersAreShared) {
  auto workers = trained(kResidual, {.workers = 2, .rounds = 3});
  EXPECT_TRUE(worker(*workers, 0).replica()->parameters.equal(worker(*workers, 1).replica()->parameters));
  EXPECT_FALSE(worker(*workers, 0).buffers().equal(worker(*workers, 1).buffers()));
}

TEST(RunningStatistics, OfWorkerZeroAreTheOnesEvaluated) {
  auto workers = trained(kResidual, {.workers = 2, .rounds = 3});
  const training::Common& common = workers->common();
  const Evaluation got = workers->evaluation(Rank{0})();
  auto loss = [&](const at::Tensor& buffers) {
    return training::evaluate(*common.model, workers->parameters(), *common.dataset.train,
                              common.split.validation, common.dataset.shape, buffers)
        .loss;
  };
  EXPECT_EQ(*got.validation_loss, loss(worker(*workers, 0).buffers()));
  EXPECT_NE(*got.validation_loss, loss(worker(*workers, 1).buffers()));
}

TEST(RunningStatistics, AreThoseOfOneWorkersBatchesInTheirOrder) {
  auto workers = trained(kResidual, {.workers = 1, .rounds = 3});
  auto fresh = population(kResidual, "{}", {.workers = 1});
  const training::Common& common = fresh->common();
  training::Batches batches(common.split.learning, 4, 1, 0);
  at::Tensor x = fresh->parameters().clone();
  at::Tensor buffers = worker(*fresh, 0).buffers();
  for (std::uint64_t round = 1; round <= 3; ++round) {
    auto g = training::gradient(*common.model, x, *common.dataset.train, batches.of(round),
                                common.dataset.shape, {.buffers = buffers});
    x = x - g.values * 0.1F;
    buffers = g.buffers;
  }
  EXPECT_TRUE(workers->parameters().equal(x));
  EXPECT_TRUE(worker(*workers, 0).buffers().equal(buffers));
}

TEST(RunningStatistics, AndMasksDoNotDependOnHostThreads) {
  for (const std::string& training : {kResidual, training_of(R"({"type": "lgc_cnn"})")}) {
    auto one = trained(training, {.workers = 3, .rounds = 3, .threads = 1});
    auto two = trained(training, {.workers = 3, .rounds = 3, .threads = 2});
    EXPECT_TRUE(one->parameters().equal(two->parameters()));
  }
}

}  // namespace
}  // namespace telegrad
