#include <ATen/ops/tanh.h>

#include "training/models/network.h"

namespace telegrad::training {
namespace {

class LeNet5 final : public Network {
 public:
  LeNet5(const InputShape& shape, std::int64_t classes, const std::string& activation,
         const std::string& pooling)
      : Network(shape) {
    auto rectify = [&] {
      if (activation == "relu") {
        layers().relu();
      } else {
        layers().apply([](const at::Tensor& x) { return at::tanh(x); }, layers().extent());
      }
    };
    auto pool = [&] { pooling == "max" ? layers().max_pool({}) : layers().mean_pool({}); };
    const Convolution five{.kernel = 5, .bias = Bias::added, .start = Start::uniform};
    Convolution first = five;
    first.padding = shape.height < 32 || shape.width < 32 ? 2 : 0;
    layers().convolution("conv1", 6, first);
    rectify();
    pool();
    layers().convolution("conv2", 16, five);
    rectify();
    pool();
    layers().flatten().linear("fc1", 120);
    rectify();
    layers().linear("fc2", 84);
    rectify();
    layers().linear("fc3", classes);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("lenet5", dataset.shape, 12);
  return std::make_unique<LeNet5>(dataset.shape, dataset.classes, resolved["activation"].text(),
                                  resolved["pooling"].text());
}

}  // namespace

Entry<MakeModel> lenet5_model() {
  return {
      {.name = "lenet5",
       .summary = "conv 6 of 5x5, pool, conv 16 of 5x5, pool, 120, 84; images below 32x32 get a border of 2",
       .source = "LeCun et al. 1998",
       .parameters =
           {choice("activation", {"tanh", "relu"}, "after every layer but the last").otherwise("tanh"),
            choice("pooling", {"mean", "max"}, "of 2x2; without weights of its own").otherwise("mean")},
       .example = R"({"type": "lenet5", "activation": "relu", "pooling": "max"})"},
      make};
}

}  // namespace telegrad::training
