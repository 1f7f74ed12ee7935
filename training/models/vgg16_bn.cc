#include <array>

#include "training/models/network.h"

namespace telegrad::training {
namespace {

constexpr int kPool = 0;
// Configuration D.
constexpr std::array<int, 18> kFeatures{64,    64,  kPool, 128, 128,   kPool, 256, 256, 256,
                                        kPool, 512, 512,   512, kPool, 512,   512, 512, kPool};

class Vgg16 final : public Network {
 public:
  Vgg16(const InputShape& shape, std::int64_t classes, const std::string& head) : Network(shape) {
    int number = 0;  // as torchvision counts: convolution, normalisation, ReLU and pooling each have one
    auto next = [&number] { return "features." + std::to_string(number++); };
    for (int channels : kFeatures) {
      if (channels == kPool) {
        layers().max_pool({});
        ++number;
        continue;
      }
      layers().convolution(next(), channels, {.kernel = 3, .padding = 1, .bias = Bias::added});
      layers().batch_norm(next()).relu();
      ++number;
    }
    if (head == "cifar") {
      layers().mean_pool_to(1, 1).flatten().linear("classifier", classes);
      return;
    }
    constexpr double kDeviation = 0.01;
    layers().mean_pool_to(7, 7).flatten();
    layers().linear("classifier.0", 4096, Bias::added, kDeviation).relu().dropout(0.5);
    layers().linear("classifier.3", 4096, Bias::added, kDeviation).relu().dropout(0.5);
    layers().linear("classifier.6", classes, Bias::added, kDeviation);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("vgg16_bn", dataset.shape, 32);
  return std::make_unique<Vgg16>(dataset.shape, dataset.classes, resolved["head"].text());
}

}  // namespace

Entry<MakeModel> vgg16_bn_model() {
  return {{.name = "vgg16_bn",
           .summary =
               "13 convolutions of 3x3 with batch normalisation: 14.7 M parameters with the head for CIFAR, "
               "138 M with ImageNet's",
           .source = "Simonyan and Zisserman 2015, configuration D",
           .parameters = {choice("head", {"imagenet", "cifar"},
                                 "two layers of 4096 with dropout before the last one, or the last one alone")
                              .otherwise("cifar")},
           .example = R"({"type": "vgg16_bn", "head": "cifar"})"},
          make};
}

}  // namespace telegrad::training
