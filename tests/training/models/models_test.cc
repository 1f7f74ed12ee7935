#include "training/models/model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/core/errors.h"
#include "tests/training/models/noise.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

using testing_support::all_of;
using testing_support::model;
using testing_support::noise;

TEST(Cnn, HasTheDocumentedParametersAndArithmetic) {
  Dataset dataset = noise({1, 28, 28}, 10);
  auto made = model(R"({"type": "cnn"})", dataset);
  EXPECT_EQ(made->layout().size(), 18378);
  EXPECT_EQ(made->layout().tensors().size(), 6U);
  EXPECT_EQ(made->layout().at(416).name, "conv2.weight");
  EXPECT_DOUBLE_EQ(made->multiply_accumulates(), 24 * 24 * 16 * 25 + 8 * 8 * 32 * 16 * 25 + 5120);
}

TEST(Cnn, RefusesImagesThatAreTooSmall) {
  EXPECT_THROW((void)model(R"({"type": "cnn"})", noise({1, 15, 28})), ScenarioError);
  EXPECT_NO_THROW((void)model(R"({"type": "cnn"})", noise({1, 16, 16})));
}

TEST(Mlp, HasTheParametersOfItsLayers) {
  auto made = model(R"({"type": "mlp", "hidden": [5, 4]})", noise({1, 2, 3}));
  EXPECT_EQ(made->layout().size(), 6 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3);
}

TEST(Lstm, RefusesInputsThatAreValues) {
  Dataset dataset = noise({1, 1, 20});
  EXPECT_THROW((void)model(R"({"type": "lstm"})", dataset), ScenarioError);
  dataset.symbols = 7;
  auto made = model(R"({"type": "lstm", "embedding": 4})", dataset);
  EXPECT_EQ(made->layout().tensors().front().shape, (std::vector<std::int64_t>{7, 4}));
}

TEST(Models, TheDerivativeAlongTheGradientIsItsSquaredNorm) {
  for (const auto& entry : models().entries()) {
    const std::string& name = entry.about.name;
    if (name == "torchscript" || name == "pspnet") continue;  // they want a file, and a label for each pixel
    const InputShape shape = name == "lstm" ? InputShape{1, 1, 20} : InputShape{3, 32, 32};
    Dataset dataset = noise(shape, 3, 4);
    dataset.symbols = 3;
    auto made = model(entry.about.example, dataset);
    at::Tensor x = draw_weights(made->layout(), 3);
    const auto all = all_of(*dataset.train);
    Gradient g = gradient(*made, x, *dataset.train, all, dataset.shape);
    double square = g.values.dot(g.values).item<double>();
    double h = 1e-3 / std::sqrt(square);
    double ahead = gradient(*made, x + g.values * h, *dataset.train, all, dataset.shape).loss;
    double behind = gradient(*made, x - g.values * h, *dataset.train, all, dataset.shape).loss;
    // Networks of rectifiers bend within the step; the same networks in Python are their oracle.
    const bool bends = made->buffers().size() > 0 || name == "lgc_cnn";
    EXPECT_NEAR((ahead - behind) / (2 * h) / square, 1.0, name == "logistic" ? 2e-3 : (bends ? 0.2 : 0.02))
        << name;
  }
}

at::Tensor logits_of_one(const Model& model, const InputShape& shape) {
  const at::Tensor parameters = draw_weights(model.layout(), 3);
  const auto leaves = tensors_of(model.layout(), parameters);
  const auto buffers = tensors_of(model.buffers(), initial_buffers(model));
  return model.logits(Pass{.parameters = leaves, .buffers = buffers}, at::zeros({1, shape.features()}));
}

TEST(Models, SayHowOftenTheyAnswerASample) {
  auto agrees = [](const std::string& described, const Dataset& dataset, std::int64_t answers) {
    auto made = model(described, dataset);
    EXPECT_EQ(made->answers(), answers) << described;
    const at::Tensor logits = logits_of_one(*made, dataset.shape);
    EXPECT_EQ(logits.size(1), dataset.classes) << described;
    EXPECT_EQ(logits.numel(), answers * logits.size(1)) << described;
  };
  for (const auto& entry : models().entries()) {
    const std::string& name = entry.about.name;
    if (name == "torchscript" || name == "pspnet" || name == "lstm") continue;
    agrees(entry.about.example, noise({3, 32, 32}, 3, 4), 1);
  }
  agrees(R"({"type": "pspnet", "depth": 18})", noise({3, 48, 56}), 48 * 56);
  Dataset text = noise({1, 1, 20}, 5);
  text.symbols = 5;
  agrees(R"({"type": "lstm", "hidden": 4})", text, 1);
  text.target_shape = {20};
  agrees(R"({"type": "lstm", "hidden": 4})", text, 20);
}

TEST(PspNet, ItsSecondHeadHasParametersAndArithmeticAndSpeaksInTrainingAlone) {
  const Dataset dataset = noise({3, 48, 48}, 5);
  auto with = model(R"({"type": "pspnet", "depth": 18})", dataset);
  auto without = model(R"({"type": "pspnet", "depth": 18, "auxiliary_weight": 0})", dataset);
  // 256 -> 256 of 3x3, normalisation, 256 -> 5 with a bias, on an image of 6x6.
  EXPECT_EQ(with->layout().size() - without->layout().size(), 256 * 256 * 9 + 2 * 256 + 256 * 5 + 5);
  EXPECT_EQ(with->buffers().size() - without->buffers().size(), 2 * 256);
  EXPECT_DOUBLE_EQ(with->multiply_accumulates() - without->multiply_accumulates(),
                   36 * (256 * 256 * 9 + 256 * 5));
  const at::Tensor drawn = draw_weights(with->layout(), 3);
  const auto leaves = tensors_of(with->layout(), drawn);
  const at::Tensor kept = initial_buffers(*with);
  const auto buffers = tensors_of(with->buffers(), kept);
  const at::Tensor inputs = at::ones({2, dataset.shape.features()});
  std::vector<Auxiliary> further;
  Pass pass{.parameters = leaves, .buffers = buffers};
  (void)with->logits(pass, inputs);
  EXPECT_TRUE(further.empty());
  pass.mode = Mode::training;
  pass.auxiliary = &further;
  (void)with->logits(pass, inputs);
  ASSERT_EQ(further.size(), 1U);
  EXPECT_EQ(further[0].weight, 0.4);
  EXPECT_EQ(further[0].logits.sizes(), at::IntArrayRef({2, 5, 48, 48}));
}

TEST(Models, GradientLeavesTheParametersAlone) {
  Dataset dataset = noise({1, 16, 16});
  auto made = model(R"({"type": "cnn"})", dataset);
  at::Tensor x = draw_weights(made->layout(), 3);
  at::Tensor before = x.clone();
  std::vector<std::uint32_t> some{1, 5, 7};
  (void)gradient(*made, x, *dataset.train, some, dataset.shape);
  EXPECT_TRUE(x.equal(before));
  EXPECT_FALSE(x.requires_grad());
}

}  // namespace
}  // namespace telegrad::training
