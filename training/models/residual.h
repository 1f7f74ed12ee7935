#pragma once

#include "training/models/layers.h"

namespace telegrad::training {

/// Blocks of residual networks (He et al. 2015). name: "layer1.0".
struct ResidualBlock {
  std::string name;
  std::int64_t channels = 0;  // of its 3x3 convolutions
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
};

/// How a block's input meets its output where shapes differ.
enum class Shortcut {
  padding,     // every second pixel, zeros for the channels that it lacks (option A)
  projection,  // a 1x1 convolution and batch normalisation (option B)
};

/// Two convolutions of 3x3. projection: how names of a shortcut go on behind the name of the block, ".downsample".
void basic_block(Layers& layers, const ResidualBlock& block, Shortcut shortcut,
                 const std::string& projection);

/// 1x1, 3x3 with the stride, 1x1 to four times as many channels.
void bottleneck_block(Layers& layers, const ResidualBlock& block);
inline constexpr std::int64_t kBottleneckExpansion = 4;

}  // namespace telegrad::training
