#include "training/models/model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"
#include "training/initial_weights.h"
#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

using testing_support::described;

class Noise final : public Samples {
 public:
  Noise(std::size_t count, std::int64_t features) : Samples(labels_of(count)), features_(features) {}

 protected:
  void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const override {
    for (std::uint32_t sample : chosen) {
      Stream stream(StreamKey{.seed = sample, .purpose = Purpose::dataset});
      for (std::int64_t i = 0; i < features_; ++i) *inputs++ = static_cast<float>(stream.normal());
    }
  }

 private:
  static std::vector<std::uint8_t> labels_of(std::size_t count) {
    std::vector<std::uint8_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::uint8_t>(i % 3);
    return labels;
  }
  std::int64_t features_;
};

Dataset noise(InputShape shape) {
  Dataset dataset;
  dataset.shape = shape;
  dataset.classes = 3;
  dataset.train = std::make_shared<Noise>(12, shape.features());
  dataset.test = dataset.train;
  return dataset;
}

std::unique_ptr<Model> make(const std::string& json, const Dataset& dataset) {
  return models().make(described("models", json), dataset);
}

TEST(Cnn, HasTheDocumentedParametersAndArithmetic) {
  Dataset dataset = noise({1, 28, 28});
  dataset.classes = 10;
  auto model = make(R"({"type": "cnn"})", dataset);
  EXPECT_EQ(model->layout().size(), 18378);
  EXPECT_EQ(model->layout().tensors().size(), 6U);
  EXPECT_EQ(model->layout().at(416).name, "conv2.weight");
  EXPECT_DOUBLE_EQ(model->multiply_accumulates(), 24 * 24 * 16 * 25 + 8 * 8 * 32 * 16 * 25 + 5120);
}

TEST(Cnn, RefusesImagesThatAreTooSmall) {
  EXPECT_THROW((void)make(R"({"type": "cnn"})", noise({1, 15, 28})), ScenarioError);
  EXPECT_NO_THROW((void)make(R"({"type": "cnn"})", noise({1, 16, 16})));
}

TEST(Mlp, HasTheParametersOfItsLayers) {
  auto model = make(R"({"type": "mlp", "hidden": [5, 4]})", noise({1, 2, 3}));
  EXPECT_EQ(model->layout().size(), 6 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3);
}

TEST(Models, TheDerivativeAlongTheGradientIsItsSquaredNorm) {
  for (const auto& entry : models().entries()) {
    Dataset dataset = noise({1, 16, 16});
    auto model = make(entry.about.example, dataset);
    at::Tensor x = draw_weights(model->layout(), 3);
    std::vector<std::uint32_t> all(12);
    std::iota(all.begin(), all.end(), 0U);
    Gradient g = gradient(*model, x, *dataset.train, all, dataset.shape);
    double square = g.values.dot(g.values).item<double>();
    double h = 1e-3 / std::sqrt(square);
    double ahead = gradient(*model, x + g.values * h, *dataset.train, all, dataset.shape).loss;
    double behind = gradient(*model, x - g.values * h, *dataset.train, all, dataset.shape).loss;
    EXPECT_NEAR((ahead - behind) / (2 * h) / square, 1.0, 2e-3) << entry.about.name;
  }
}

TEST(Models, GradientLeavesTheParametersAlone) {
  Dataset dataset = noise({1, 16, 16});
  auto model = make(R"({"type": "cnn"})", dataset);
  at::Tensor x = draw_weights(model->layout(), 3);
  at::Tensor before = x.clone();
  std::vector<std::uint32_t> some{1, 5, 7};
  (void)gradient(*model, x, *dataset.train, some, dataset.shape);
  EXPECT_TRUE(x.equal(before));
  EXPECT_FALSE(x.requires_grad());
}

}  // namespace
}  // namespace telegrad::training
