// Models that keep running statistics, and models that draw random masks, in whole trainings.

#include "tests/contract/normalised.h"
#include "training/learning/gradient.h"

namespace telegrad {
namespace {

using namespace testing_support;

TEST(RunningStatistics, StayWithTheirWorkerWhileParametersAreShared) {
  auto workers = trained({.workers = 2, .rounds = 3}, kResidual);
  EXPECT_TRUE(worker(*workers, 0).replica()->parameters.equal(worker(*workers, 1).replica()->parameters));
  EXPECT_FALSE(worker(*workers, 0).buffers().equal(worker(*workers, 1).buffers()));
}

TEST(RunningStatistics, OfWorkerZeroAreTheOnesEvaluated) {
  auto workers = trained({.workers = 2, .rounds = 3}, kResidual);
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
  auto workers = trained({.workers = 1, .rounds = 3}, kResidual);
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
    auto one = trained({.workers = 3, .rounds = 3, .threads = 1}, training);
    auto two = trained({.workers = 3, .rounds = 3, .threads = 2}, training);
    EXPECT_TRUE(one->parameters().equal(two->parameters()));
  }
}

}  // namespace
}  // namespace telegrad
