// Parameters and multiply-accumulates as the papers and the field's model collections state them.

#include <gtest/gtest.h>

#include <cmath>

#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "tests/training/models/noise.h"

namespace telegrad::training {
namespace {

using testing_support::model;
using testing_support::noise;

struct Published {
  const char* model;
  InputShape shape;
  std::uint32_t classes;
  std::int64_t parameters;
  double millions;  // of multiply-accumulates
};

void expect(const std::vector<Published>& table) {
  for (const Published& row : table) {
    Dataset dataset = noise(row.shape, row.classes, 1);
    dataset.symbols = row.classes;  // of a text
    auto made = model(row.model, dataset);
    EXPECT_EQ(made->layout().size(), row.parameters) << row.model;
    if (row.millions > 0) {
      EXPECT_NEAR(made->multiply_accumulates() / 1e6, row.millions, 0.0005) << row.model;
    }
  }
}

constexpr InputShape kCifar{3, 32, 32};
constexpr InputShape kImageNet{3, 224, 224};

TEST(PublishedSizes, OfSmallNetworks) {
  // LeNet-5: 6 * 26 + 16 * 151 + 400 * 120 + 120 + 120 * 84 + 84 + 84 * 10 + 10.
  const double lenet = (784 * 6 * 25 + 100 * 16 * 150 + 48000 + 10080 + 840) / 1e6;
  expect({{R"({"type": "lenet5"})", {1, 28, 28}, 10, 61706, lenet},
          {R"({"type": "lenet5"})", {1, 32, 32}, 10, 61706, lenet},
          {R"({"type": "lgc_cnn"})", kCifar, 10, 31250, (784 * 750 + 100 * 5000 + 25500) / 1e6}});
}

TEST(PublishedSizes, OfResidualNetworksForCifar) {
  expect({{R"({"type": "resnet_cifar", "depth": 20})", kCifar, 10, 269722, 40.551},
          {R"({"type": "resnet_cifar", "depth": 32})", kCifar, 10, 464154, 0},
          {R"({"type": "resnet_cifar", "depth": 44})", kCifar, 10, 658586, 0},
          {R"({"type": "resnet_cifar", "depth": 56})", kCifar, 10, 853018, 125.486},
          {R"({"type": "resnet_cifar", "depth": 110})", kCifar, 10, 1727962, 252.888},
          {R"({"type": "resnet", "depth": 18, "stem": "cifar"})", kCifar, 10, 11173962, 555.423}});
}

TEST(PublishedSizes, OfResidualNetworksForImageNet) {
  expect({{R"({"type": "resnet", "depth": 18, "stem": "imagenet"})", kImageNet, 1000, 11689512, 1814.073},
          {R"({"type": "resnet", "depth": 34, "stem": "imagenet"})", kImageNet, 1000, 21797672, 3663.761},
          {R"({"type": "resnet", "depth": 50, "stem": "imagenet"})", kImageNet, 1000, 25557032, 4089.184},
          {R"({"type": "resnet", "depth": 101, "stem": "imagenet"})", kImageNet, 1000, 44549160, 7801.405},
          {R"({"type": "resnet", "depth": 152, "stem": "imagenet"})", kImageNet, 1000, 60192808, 0}});
}

TEST(PublishedSizes, OfVgg16WithBatchNormalisation) {
  expect({{R"({"type": "vgg16_bn", "head": "imagenet"})", kImageNet, 1000, 138365992, 15470.264},
          {R"({"type": "vgg16_bn", "head": "cifar"})", kCifar, 10, 14728266, 313.202}});
}

TEST(PublishedSizes, OfMobileNetV2) {
  expect({{R"({"type": "mobilenet_v2", "stem": "imagenet"})", kImageNet, 1000, 3504872, 300.774},
          {R"({"type": "mobilenet_v2", "stem": "cifar"})", kCifar, 10, 2236682, 0}});
}

TEST(PublishedSizes, OfTheLstmForText) {
  // TensorFlow Federated's count of McMahan et al.'s network is 820,522 for 90 symbols; LibTorch's LSTM has a second
  // vector of biases in each of the two layers.
  const double step = 4 * 256 * (8 + 256) + 4 * 256 * 512;
  expect({{R"({"type": "lstm"})", {1, 1, 80}, 90, 820522 + 2 * 4 * 256, (80 * step + 256 * 90) / 1e6}});
}

TEST(PublishedSizes, WhatBatchNormalisationKeepsIsNoParameter) {
  auto made = model(R"({"type": "resnet", "depth": 18, "stem": "imagenet"})", noise(kImageNet, 1000, 1));
  EXPECT_EQ(made->buffers().size(), 9600);
  EXPECT_EQ(made->buffers().tensors().front().name, "bn1.running_mean");
  EXPECT_EQ(made->layout().tensors().front().name, "conv1.weight");
  EXPECT_EQ(made->layout().tensors().back().name, "fc.bias");
}

TEST(PublishedSizes, DepthsThatThePapersLackAreRefused) {
  std::vector<Problem> problems;
  const Catalogues& all = testing_support::model_catalogues();
  const Table table{typed("model", "models", "")};
  (void)resolve(trusted_json(R"({"model": {"type": "resnet", "depth": 20}})"), table, all, problems);
  (void)resolve(trusted_json(R"({"model": {"type": "resnet_cifar", "depth": 18}})"), table, all, problems);
  ASSERT_EQ(problems.size(), 2U);
  for (const Problem& problem : problems) {
    EXPECT_EQ(problem.pointer, "/model/depth");
    EXPECT_FALSE(problem.remedy.empty());
  }
}

}  // namespace
}  // namespace telegrad::training
