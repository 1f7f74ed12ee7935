#include "training/models/resnet.h"

#include <array>

#include "sim/core/errors.h"
#include "training/models/network.h"
#include "training/models/residual.h"

namespace telegrad::training {
namespace {

struct Row {
  std::int64_t depth;
  std::array<std::int64_t, 4> blocks;
};

constexpr std::array<Row, 5> kTable{{
    {18, {2, 2, 2, 2}},
    {34, {3, 4, 6, 3}},
    {50, {3, 4, 6, 3}},
    {101, {3, 4, 23, 3}},
    {152, {3, 8, 36, 3}},
}};

class ResNet final : public Network {
 public:
  ResNet(const InputShape& shape, std::int64_t classes, std::int64_t depth, const std::string& stem)
      : Network(shape) {
    resnet_stem(layers(), "", stem);
    resnet_stages(layers(), "", {.depth = depth});
    layers().mean_pool_to(1, 1).flatten().linear("fc", classes);
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  require_images("resnet", dataset.shape, 8);
  return std::make_unique<ResNet>(dataset.shape, dataset.classes, resolved["depth"].integer(),
                                  resolved["stem"].text());
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  const std::int64_t depth = resolved["depth"].integer();
  if (is_resnet_depth(depth)) return;
  problems.push_back({"/depth", 0, 0, "there is no ResNet of " + std::to_string(depth) + " layers here",
                      "choose 18, 34, 50, 101 or 152; resnet_cifar has 20, 56 and 110"});
}

}  // namespace

bool is_resnet_depth(std::int64_t depth) {
  for (const Row& row : kTable) {
    if (row.depth == depth) return true;
  }
  return false;
}

std::int64_t ResNetPlan::blocks(std::int64_t stage) const {
  for (const Row& row : kTable) {
    if (row.depth == depth) return row.blocks[static_cast<std::size_t>(stage - 1)];
  }
  expect(false, "a depth of the table");
  return 0;
}

void resnet_stem(Layers& layers, const std::string& prefix, const std::string& stem) {
  const Convolution small{.kernel = 3, .padding = 1};
  const Convolution large{.kernel = 7, .stride = 2, .padding = 3};
  const bool cifar = stem == "cifar";
  layers.convolution(prefix + "conv1", 64, cifar ? small : large).batch_norm(prefix + "bn1").relu();
  if (!cifar) layers.max_pool({.kernel = 3, .stride = 2, .padding = 1});
}

void resnet_stages(Layers& layers, const std::string& prefix, const ResNetPlan& plan) {
  for (std::int64_t stage = 1; stage <= 4; ++stage) resnet_stage(layers, prefix, plan, stage);
}

void resnet_stage(Layers& layers, const std::string& prefix, const ResNetPlan& plan, std::int64_t stage) {
  const bool dilated = plan.dilated && stage > 2;
  for (std::int64_t number = 0; number < plan.blocks(stage); ++number) {
    const bool first = number == 0;
    ResidualBlock block{.name = prefix + "layer" + std::to_string(stage) + "." + std::to_string(number),
                        .channels = std::int64_t{32} << stage,
                        .stride = stage > 1 && first && !dilated ? 2 : 1};
    // The first block of a dilated stage still sees the pixels of the stage before.
    if (dilated) block.dilation = (stage == 3 ? 2 : 4) / (first ? 2 : 1);
    if (plan.bottleneck()) {
      bottleneck_block(layers, block);
    } else {
      basic_block(layers, block, Shortcut::projection, ".downsample");
    }
  }
}

Entry<MakeModel> resnet_model() {
  return {{.name = "resnet",
           .summary =
               "residual network of 4 stages, with the stride in the 3x3 convolution: ResNet-18, 34 of basic "
               "blocks, 50, 101, 152 of bottlenecks",
           .source = "He et al. 2015, table 1",
           .parameters =
               {integer("depth", "layers with weights: 18, 34, 50, 101 or 152").in(18, 152).otherwise(18),
                choice("stem", {"imagenet", "cifar"},
                       "7x7 with stride 2 and pooling, for images of 224x224, or 3x3, for 32x32")
                    .otherwise("cifar")},
           .example = R"({"type": "resnet", "depth": 18, "stem": "cifar"})",
           .check = check},
          make};
}

}  // namespace telegrad::training
