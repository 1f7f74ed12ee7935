#include "training/models/layers.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "sim/core/errors.h"
#include "tests/training/models/noise.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"
#include "training/models/dropout_mask.h"

namespace telegrad::training {
namespace {

using testing_support::all_of;
using testing_support::model;
using testing_support::noise;

/// Layers on their own, with their tensors.
struct Bench {
  explicit Bench(const Extent& input) : layers(ledger, input) {}
  void draw() {
    leaves = tensors_of(parameters, draw_weights(parameters, 1));
    own = tensors_of(buffers, draw_weights(buffers, 1));
  }
  at::Tensor operator()(const at::Tensor& x, Mode mode, std::uint32_t round = 1) const {
    return layers(Pass{.parameters = leaves,
                       .buffers = own,
                       .mode = mode,
                       .dropout = {.seed = 1, .purpose = Purpose::dropout, .round = round}},
                  x);
  }
  Layout parameters;
  Layout buffers;
  double multiply_accumulates = 0;
  Ledger ledger{parameters, buffers, multiply_accumulates};
  Layers layers;
  std::vector<at::Tensor> leaves;
  std::vector<at::Tensor> own;
};

TEST(Layers, BatchNormKeepsTheStatisticsOfLibTorchs) {
  Bench ours({3, 5, 4});
  ours.layers.batch_norm("bn");
  ours.draw();
  torch::nn::BatchNorm2d theirs(3);
  torch::manual_seed(1);
  for (int step = 0; step < 3; ++step) {
    const at::Tensor x = torch::randn({6, 3, 5, 4}) * 2 + 1;
    EXPECT_TRUE(ours(x, Mode::training).equal(theirs(x)));
    EXPECT_TRUE(ours.own[0].equal(theirs->running_mean));
    EXPECT_TRUE(ours.own[1].equal(theirs->running_var));
  }
  theirs->eval();
  const at::Tensor before = ours.own[1].clone();
  const at::Tensor x = torch::randn({6, 3, 5, 4});
  EXPECT_TRUE(ours(x, Mode::evaluation).equal(theirs(x)));
  EXPECT_TRUE(ours.own[1].equal(before));
}

TEST(Layers, BatchNormRefusesToTrainOnOneValue) {
  Bench bench({3, 1, 1});
  bench.layers.batch_norm("bn");
  bench.draw();
  EXPECT_THROW((void)bench(torch::randn({1, 3, 1, 1}), Mode::training), RunError);
  EXPECT_NO_THROW((void)bench(torch::randn({2, 3, 1, 1}), Mode::training));
  EXPECT_NO_THROW((void)bench(torch::randn({1, 3, 1, 1}), Mode::evaluation));
}

TEST(Layers, DropoutKeepsTheMeanAndIsDrawnFromItsKey) {
  Bench bench({1000});
  bench.layers.dropout(0.2).dropout(0.5);
  const at::Tensor ones = torch::ones({100, 1000});
  const at::Tensor once = bench(ones, Mode::training);
  EXPECT_NEAR(once.mean().item<double>(), 1.0, 0.02);
  EXPECT_NEAR(once.eq(0).to(at::kDouble).mean().item<double>(), 0.6, 0.01);  // two masks of their own
  EXPECT_TRUE(once.equal(bench(ones, Mode::training)));
  EXPECT_FALSE(once.equal(bench(ones, Mode::training, 2)));
  EXPECT_TRUE(bench(ones, Mode::evaluation).equal(ones));
}

TEST(Layers, TheirShapesAndArithmeticAreKnownBeforeTheyRun) {
  Bench bench({4, 15, 13});
  Layers& layers = bench.layers;
  layers.convolution("a", 8, {.kernel = 3, .stride = 2, .padding = 2, .dilation = 2, .groups = 4});
  EXPECT_EQ(layers.extent().height, 8);
  EXPECT_EQ(layers.extent().width, 7);
  EXPECT_EQ(bench.multiply_accumulates, 8 * 8 * 7 * 9);
  layers.max_pool({.kernel = 3, .stride = 2, .padding = 1}).mean_pool({});
  Layers other = layers.branch();
  other.convolution("b", 3, {}).resize(2, 2);
  layers.join({other});
  EXPECT_EQ(layers.extent().channels, 11);
  EXPECT_EQ(layers.extent().height, 2);
  layers.mean_pool_to(1, 1).flatten().linear("c", 5, Bias::none);
  EXPECT_EQ(bench.parameters.size(), 8 * 9 + 3 * 8 + 55);
  bench.draw();
  EXPECT_EQ(bench(torch::randn({2, 4, 15, 13}), Mode::evaluation).sizes(), (std::vector<std::int64_t>{2, 5}));
}

TEST(Layers, NormalWeightsHaveTheDeviationOfTheirOutputs) {
  Bench bench({16, 8, 8});
  bench.layers.convolution("a", 64, {.kernel = 3});
  bench.draw();
  EXPECT_NEAR(bench.leaves[0].std().item<double>(), std::sqrt(2.0 / (64 * 9)), 1e-3);
  EXPECT_NEAR(bench.leaves[0].mean().item<double>(), 0, 2e-3);
}

TEST(Layers, AGradientLeavesTheStatisticsAloneAndReturnsNewOnes) {
  const Dataset dataset = noise({1, 8, 8});
  auto made = model(R"({"type": "resnet_cifar", "depth": 8})", dataset);
  const at::Tensor x = draw_weights(made->layout(), 3);
  const at::Tensor buffers = initial_buffers(*made);
  const at::Tensor before = buffers.clone();
  const Gradient g =
      gradient(*made, x, *dataset.train, all_of(*dataset.train), dataset.shape, {.buffers = buffers});
  EXPECT_TRUE(buffers.equal(before));
  EXPECT_FALSE(g.buffers.equal(before));
  EXPECT_FALSE(g.buffers.requires_grad());
  const auto all = all_of(*dataset.train);
  const Quality fresh = evaluate(*made, x, *dataset.train, all, dataset.shape, buffers);
  const Quality later = evaluate(*made, x, *dataset.train, all, dataset.shape, g.buffers);
  EXPECT_NE(fresh.loss, later.loss);
  EXPECT_EQ(fresh.loss, evaluate(*made, x, *dataset.train, all, dataset.shape).loss);
}

}  // namespace
}  // namespace telegrad::training
