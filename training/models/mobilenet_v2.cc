#include <array>

#include "training/models/network.h"

namespace telegrad::training {
namespace {

/// One line of the paper's table 2.
struct Stage {
  std::int64_t expansion;
  std::int64_t channels;
  std::int64_t repeats;
  std::int64_t stride;  // of its first block
};

constexpr std::array<Stage, 7> kTable{{{1, 16, 1, 1},
                                       {6, 24, 2, 2},
                                       {6, 32, 3, 2},
                                       {6, 64, 4, 2},
                                       {6, 96, 3, 1},
                                       {6, 160, 3, 2},
                                       {6, 320, 1, 1}}};

/// Convolution, normalisation, ReLU6; named as torchvision's sequence of three.
void rectified(Layers& layers, const std::string& name, std::int64_t outputs, const Convolution& how) {
  layers.convolution(name + ".0", outputs, how).batch_norm(name + ".1").relu6();
}

/// Wider by the expansion, 3x3 for each channel alone, and narrow again without an activation.
void inverted_residual(Layers& layers, const std::string& name, const Stage& stage, std::int64_t stride) {
  const std::int64_t inputs = layers.extent().channels;
  const std::int64_t hidden = inputs * stage.expansion;
  Layers body = layers.branch();
  int part = 0;
  auto next = [&] { return name + ".conv." + std::to_string(part++); };
  if (stage.expansion != 1) rectified(body, next(), hidden, {});
  rectified(body, next(), hidden, {.kernel = 3, .stride = stride, .padding = 1, .groups = hidden});
  body.convolution(next(), stage.channels, {});
  body.batch_norm(next());
  if (stride == 1 && inputs == stage.channels) {
    layers.add(std::move(body), layers.branch());
  } else {
    layers.follow(std::move(body));
  }
}

class MobileNetV2 final : public Network {
 public:
  MobileNetV2(const InputShape& shape, std::int64_t classes, bool small, double dropout) : Network(shape) {
    int number = 0;
    auto next = [&number] { return "features." + std::to_string(number++); };
    rectified(layers(), next(), 32, {.kernel = 3, .stride = small ? 1 : 2, .padding = 1});
    for (const Stage& stage : kTable) {
      for (std::int64_t repeat = 0; repeat < stage.repeats; ++repeat) {
        const bool keeps = repeat > 0 || (small && stage.channels == 24);
        inverted_residual(layers(), next(), stage, keeps ? 1 : stage.stride);
      }
    }
    rectified(layers(), next(), 1280, {});
    layers().mean_pool_to(1, 1).flatten().dropout(dropout);
    layers().linear("classifier.1", classes, Bias::added, 0.01);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("mobilenet_v2", dataset.shape, 16);
  return std::make_unique<MobileNetV2>(dataset.shape, dataset.classes, resolved["stem"].text() == "cifar",
                                       resolved["dropout"].number());
}

}  // namespace

Entry<MakeModel> mobilenet_v2_model() {
  return {{.name = "mobilenet_v2",
           .summary = "inverted residuals of depthwise convolutions: 3.5 M parameters on ImageNet",
           .source = "Sandler et al. 2018",
           .parameters = {choice("stem", {"imagenet", "cifar"},
                                 "as the paper, or without the first two strides, for images of 32x32")
                              .otherwise("cifar"),
                          real("dropout",
                               "probability with which an input of the last layer is zeroed in training")
                              .in(0, 0.99)
                              .otherwise(0.2)},
           .example = R"({"type": "mobilenet_v2", "stem": "cifar"})"},
          make};
}

}  // namespace telegrad::training
