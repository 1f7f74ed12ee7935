#include "training/models/network.h"

namespace telegrad::training {
namespace {

class LgcCnn final : public Network {
 public:
  LgcCnn(const InputShape& shape, std::int64_t classes, double dropout) : Network(shape) {
    const Convolution five{.kernel = 5, .start = Start::uniform};
    layers().convolution("conv1", 10, five).max_pool({}).relu();
    layers().convolution("conv2", 20, five).max_pool({}).relu();
    layers().flatten().linear("fc1", 50, Bias::none).relu().dropout(dropout);
    layers().linear("fc2", classes, Bias::none);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("lgc_cnn", dataset.shape, 16);
  return std::make_unique<LgcCnn>(dataset.shape, dataset.classes, resolved["dropout"].number());
}

}  // namespace

Entry<MakeModel> lgc_cnn_model() {
  return {
      {.name = "lgc_cnn",
       .summary = "conv 10 of 5x5, pool 2, conv 20 of 5x5, pool 2, 50, without biases; ReLU, dropout before "
                  "the last layer: 31,250 weights on CIFAR-10",
       .source = "Abrahamyan et al. 2021, their public sample",
       .parameters = {real("dropout", "probability with which one of the 50 is zeroed in training")
                          .in(0, 0.99)
                          .otherwise(0.5)},
       .example = R"({"type": "lgc_cnn"})"},
      make};
}

}  // namespace telegrad::training
