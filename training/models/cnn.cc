#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>

#include "sim/core/errors.h"
#include "training/models/model.h"
#include "training/models/rectified_pool.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kKernel = 5;
constexpr std::int64_t kFirst = 16;
constexpr std::int64_t kSecond = 32;

std::int64_t convolved(std::int64_t length) { return length - kKernel + 1; }

class ConvolutionalNetwork final : public Model {
 public:
  ConvolutionalNetwork(const InputShape& shape, std::int64_t classes) : shape_(shape) {
    std::int64_t height = convolved(shape.height);
    std::int64_t width = convolved(shape.width);
    add_layer("conv1", {kFirst, shape.channels, kKernel, kKernel}, height * width);
    height = convolved(height / 2);
    width = convolved(width / 2);
    add_layer("conv2", {kSecond, kFirst, kKernel, kKernel}, height * width);
    add_layer("fc", {classes, kSecond * (height / 2) * (width / 2)});
  }

  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    const auto p = pass.parameters;
    at::Tensor image = inputs.view({-1, shape_.channels, shape_.height, shape_.width});
    image = rectified_pool(at::conv2d(image, p[0], p[1]));
    image = rectified_pool(at::conv2d(image, p[2], p[3]));
    return at::linear(image.flatten(1), p[4], p[5]);
  }

 private:
  InputShape shape_;
};

std::unique_ptr<Model> make(const Value&, const Dataset& dataset) {
  auto fits = [](std::int64_t length) { return length >= 2 * (kKernel + 1) + kKernel - 1; };
  if (!fits(dataset.shape.height) || !fits(dataset.shape.width)) {
    std::string size = std::to_string(dataset.shape.height) + "x" + std::to_string(dataset.shape.width);
    throw ScenarioError(
        "", {{"/training/model/type", 0, 0, "cnn needs images of at least 16x16, these are " + size,
              "choose mlp or logistic"}});
  }
  return std::make_unique<ConvolutionalNetwork>(dataset.shape, dataset.classes);
}

}  // namespace

Entry<MakeModel> cnn_model() {
  return {
      {.name = "cnn",
       .summary = "conv 16 of 5x5, ReLU, pool 2, conv 32 of 5x5, ReLU, pool 2, fully connected; no padding",
       .source = "",
       .parameters = {},
       .example = R"({"type": "cnn"})"},
      make};
}

}  // namespace telegrad::training
