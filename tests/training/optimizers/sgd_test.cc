#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/trainings.h"
#include "training/optimizers/optimizer.h"

namespace telegrad::training {
namespace {

/// Ten steps of ours and of LibTorch's SGD from the same point with the same gradients.
void compare(const std::string& json, const torch::optim::SGDOptions& options) {
  auto optimizer = optimizers().make(testing_support::described("optimizers", json));
  torch::manual_seed(1);
  Replica replica{.identity = 1, .parameters = torch::randn({100}), .velocity = {}};
  torch::Tensor theirs = replica.parameters.clone().requires_grad_();
  torch::optim::SGD reference({theirs}, options);
  for (int step = 0; step < 10; ++step) {
    torch::Tensor gradient = torch::randn({100});
    replica = optimizer->apply(replica, gradient, options.lr(), options.lr());
    theirs.mutable_grad() = gradient.clone();
    reference.step();
    EXPECT_TRUE(torch::allclose(replica.parameters, theirs.detach(), 1e-6, 1e-6)) << json << " step " << step;
  }
}

TEST(Sgd, IsLibTorchsSgd) {
  using Options = torch::optim::SGDOptions;
  compare(R"({"type": "sgd", "learning_rate": 0.1})", Options(0.1));
  compare(R"({"type": "sgd", "learning_rate": 0.1, "weight_decay": 0.01})", Options(0.1).weight_decay(0.01));
  compare(R"({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9})", Options(0.1).momentum(0.9));
  compare(R"({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": true, "weight_decay": 0.01})",
          Options(0.1).momentum(0.9).nesterov(true).weight_decay(0.01));
}

TEST(Sgd, ALearningRateBeforeTheFeedbackIsAppliedOnce) {
  auto optimizer = optimizers().make(testing_support::described(
      "optimizers", R"({"type": "sgd", "learning_rate": 0.5, "weight_decay": 0.1})"));
  Replica start{.identity = 1, .parameters = torch::full({1}, 2.0F), .velocity = {}};
  Replica after = optimizer->apply(start, torch::full({1}, 4.0F), 0.5, 0.5);
  Replica before = optimizer->apply(start, torch::full({1}, 2.0F), 0.5, 1.0);
  EXPECT_FLOAT_EQ(after.parameters.item<float>(), 2.0F - 0.5F * (4.0F + 0.2F));
  EXPECT_FLOAT_EQ(before.parameters.item<float>(), after.parameters.item<float>());
}

TEST(Sgd, LeavesTheReplicaItStartsFromAlone) {
  auto optimizer = optimizers().make(
      testing_support::described("optimizers", R"({"type": "sgd", "learning_rate": 0.5, "momentum": 0.9})"));
  Replica start{.identity = 1, .parameters = torch::ones({3}), .velocity = {}};
  Replica next = optimizer->apply(start, torch::ones({3}), 0.5, 0.5);
  torch::Tensor velocity = next.velocity.clone();
  (void)optimizer->apply(next, torch::ones({3}), 0.5, 0.5);
  EXPECT_TRUE(start.parameters.equal(torch::ones({3})));
  EXPECT_TRUE(next.velocity.equal(velocity));
}

TEST(Sgd, NesterovWithoutMomentumIsAScenarioMistake) {
  std::vector<Problem> problems;
  const auto& catalogues = testing_support::training_catalogues();
  Value user = trusted_json(R"({"type": "sgd", "learning_rate": 0.1, "nesterov": true})");
  (void)resolve_typed(user, catalogues.at("optimizers"), catalogues, problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].pointer, "/nesterov");
}

}  // namespace
}  // namespace telegrad::training
