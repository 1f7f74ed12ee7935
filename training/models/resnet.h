#pragma once

#include "training/models/layers.h"

namespace telegrad::training {

/// The four stages of a residual network of 18, 34, 50, 101 or 152 layers.
struct ResNetPlan {
  std::int64_t depth = 18;
  /// Of the last two stages, whose stride becomes 1: a segmentation network keeps an eighth of the image's size.
  bool dilated = false;

  std::int64_t blocks(std::int64_t stage) const;  // stage from 1
  bool bottleneck() const { return depth >= 50; }
};
bool is_resnet_depth(std::int64_t depth);

/// 7x7 with stride 2 and pooling for images of 224x224, or 3x3 for 32x32. prefix: of all names, "".
void resnet_stem(Layers& layers, const std::string& prefix, const std::string& stem);
void resnet_stages(Layers& layers, const std::string& prefix, const ResNetPlan& plan);
/// One of them, from 1.
void resnet_stage(Layers& layers, const std::string& prefix, const ResNetPlan& plan, std::int64_t stage);

}  // namespace telegrad::training
