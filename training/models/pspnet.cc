#include "sim/core/errors.h"
#include "training/models/network.h"
#include "training/models/resnet.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kBins[] = {1, 2, 3, 6};
constexpr std::int64_t kHead = 512;
constexpr std::int64_t kAuxiliaryHead = 256;

struct Settings {
  std::int64_t depth = 50;
  double dropout = 0.1;
  double auxiliary_weight = 0.4;
};

class PspNet final : public Network {
 public:
  PspNet(const InputShape& shape, std::int64_t classes, const Settings& settings) : Network(shape) {
    const ResNetPlan backbone{.depth = settings.depth, .dilated = true};
    resnet_stem(layers(), "backbone.", "imagenet");
    for (std::int64_t stage = 1; stage <= 3; ++stage) resnet_stage(layers(), "backbone.", backbone, stage);
    if (settings.auxiliary_weight > 0) {
      Layers head = layers().branch();
      head.convolution("aux.0", kAuxiliaryHead, {.kernel = 3, .padding = 1}).batch_norm("aux.1").relu();
      head.dropout_channels(settings.dropout);
      head.convolution("aux.4", classes, {.bias = Bias::added, .start = Start::uniform});
      head.resize(shape.height, shape.width);
      layers().learn_beside(std::move(head), settings.auxiliary_weight);
    }
    resnet_stage(layers(), "backbone.", backbone, 4);
    const Extent features = layers().extent();
    std::vector<Layers> pyramid;
    for (std::size_t i = 0; i < std::size(kBins); ++i) {
      const std::string name = "ppm.features." + std::to_string(i);
      Layers level = layers().branch();
      level.mean_pool_to(kBins[i], kBins[i]);
      level.convolution(name + ".1", features.channels / 4, {}).batch_norm(name + ".2").relu();
      level.resize(features.height, features.width);
      pyramid.push_back(std::move(level));
    }
    layers().join(std::move(pyramid));
    layers().convolution("cls.0", kHead, {.kernel = 3, .padding = 1}).batch_norm("cls.1").relu();
    layers().dropout_channels(settings.dropout);
    layers().convolution("cls.4", classes, {.bias = Bias::added, .start = Start::uniform});
    layers().resize(shape.height, shape.width);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("pspnet", dataset.shape, 48);
  const Settings settings{.depth = resolved["depth"].integer(),
                          .dropout = resolved["dropout"].number(),
                          .auxiliary_weight = resolved["auxiliary_weight"].number()};
  return std::make_unique<PspNet>(dataset.shape, dataset.classes, settings);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  const std::int64_t depth = resolved["depth"].integer();
  if (is_resnet_depth(depth)) return;
  problems.push_back({"/depth", 0, 0, "there is no ResNet of " + std::to_string(depth) + " layers here",
                      "choose 18, 34, 50, 101 or 152"});
}

}  // namespace

Entry<MakeModel> pspnet_model() {
  return {
      {.name = "pspnet",
       .summary = "a label for each pixel: dilated ResNet with 7x7 stem, means over 1, 2, 3 and 6 parts of "
                  "the image",
       .source = "Zhao et al. 2017",
       .parameters = {integer("depth", "of the ResNet: 18, 34, 50, 101 or 152").in(18, 152).otherwise(50),
                      real("dropout",
                           "probability with which a channel is zeroed in training, before a last layer")
                          .in(0, 0.99)
                          .otherwise(0.1),
                      real("auxiliary_weight",
                           "of the loss of a second head, which sees the third stage and learns in training "
                           "alone; its parameters are exchanged like all others; 0: no such head")
                          .in(0, 10)
                          .otherwise(0.4)},
       .example = R"({"type": "pspnet", "depth": 18})",
       .check = check},
      make};
}

}  // namespace telegrad::training
