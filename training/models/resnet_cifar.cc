#include "training/models/network.h"
#include "training/models/residual.h"

namespace telegrad::training {
namespace {

/// Three stages of (depth - 2) / 6 blocks with 16, 32 and 64 channels.
class ResNetCifar final : public Network {
 public:
  ResNetCifar(const InputShape& shape, std::int64_t classes, std::int64_t depth, Shortcut shortcut)
      : Network(shape) {
    layers().convolution("conv1", 16, {.kernel = 3, .padding = 1}).batch_norm("bn1").relu();
    for (std::int64_t stage = 1; stage <= 3; ++stage) {
      for (std::int64_t number = 0; number < (depth - 2) / 6; ++number) {
        const ResidualBlock block{.name = "layer" + std::to_string(stage) + "." + std::to_string(number),
                                  .channels = std::int64_t{8} << stage,
                                  .stride = stage > 1 && number == 0 ? 2 : 1};
        basic_block(layers(), block, shortcut, ".shortcut");
      }
    }
    layers().mean_pool_to(1, 1).flatten().linear("linear", classes);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("resnet_cifar", dataset.shape, 8);
  const bool padding = resolved["shortcut"].text() == "padding";
  return std::make_unique<ResNetCifar>(dataset.shape, dataset.classes, resolved["depth"].integer(),
                                       padding ? Shortcut::padding : Shortcut::projection);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  const std::int64_t depth = resolved["depth"].integer();
  if (depth % 6 == 2) return;
  problems.push_back({"/depth", 0, 0, std::to_string(depth) + " is not 6n + 2",
                      "choose 20, 32, 44, 56 or 110 as the paper does"});
}

}  // namespace

Entry<MakeModel> resnet_cifar_model() {
  return {
      {.name = "resnet_cifar",
       .summary = "residual network of 3 stages for small images: ResNet-20 with 0.27 M parameters, 56 with "
                  "0.85 M, 110 with 1.7 M",
       .source = "He et al. 2015, section 4.2",
       .parameters =
           {integer("depth", "layers with weights, 6n + 2").in(8, 1202).otherwise(20),
            choice("shortcut", {"padding", "projection"},
                   "where shapes differ: every second pixel and zeros (option A), or a 1x1 convolution "
                   "with batch normalisation (option B)")
                .otherwise("padding")},
       .example = R"({"type": "resnet_cifar", "depth": 20})",
       .check = check},
      make};
}

}  // namespace telegrad::training
