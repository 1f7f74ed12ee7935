#include "training/models/residual.h"

#include <ATen/ops/constant_pad_nd.h>

namespace telegrad::training {
namespace {

Layers projected(const Layers& layers, const std::string& name, std::int64_t channels, std::int64_t stride) {
  Layers shortcut = layers.branch();
  if (stride == 1 && layers.extent().channels == channels) return shortcut;
  shortcut.convolution(name + ".0", channels, {.stride = stride}).batch_norm(name + ".1");
  return shortcut;
}

Layers padded(const Layers& layers, std::int64_t channels, const Extent& output) {
  Layers shortcut = layers.branch();
  const Extent& input = layers.extent();
  const std::int64_t stride = output.height == input.height ? 1 : 2;
  if (stride == 1 && input.channels == channels) return shortcut;
  const std::int64_t before = (channels - input.channels) / 2;
  const std::int64_t behind = channels - input.channels - before;
  shortcut.apply(
      [=](const at::Tensor& x) {
        at::Tensor pixels = stride == 1 ? x : x.slice(2, 0, {}, stride).slice(3, 0, {}, stride);
        return at::constant_pad_nd(pixels, {0, 0, 0, 0, before, behind});
      },
      output);
  return shortcut;
}

}  // namespace

void basic_block(Layers& layers, const ResidualBlock& block, Shortcut shortcut,
                 const std::string& projection) {
  const Convolution three{.kernel = 3, .padding = block.dilation, .dilation = block.dilation};
  Convolution first = three;
  first.stride = block.stride;
  Layers body = layers.branch();
  body.convolution(block.name + ".conv1", block.channels, first).batch_norm(block.name + ".bn1").relu();
  body.convolution(block.name + ".conv2", block.channels, three).batch_norm(block.name + ".bn2");
  Layers other = shortcut == Shortcut::padding
                     ? padded(layers, block.channels, body.extent())
                     : projected(layers, block.name + projection, block.channels, block.stride);
  layers.add(std::move(body), std::move(other)).relu();
}

void bottleneck_block(Layers& layers, const ResidualBlock& block) {
  const std::int64_t outputs = kBottleneckExpansion * block.channels;
  const Convolution middle{
      .kernel = 3, .stride = block.stride, .padding = block.dilation, .dilation = block.dilation};
  Layers body = layers.branch();
  body.convolution(block.name + ".conv1", block.channels, {}).batch_norm(block.name + ".bn1").relu();
  body.convolution(block.name + ".conv2", block.channels, middle).batch_norm(block.name + ".bn2").relu();
  body.convolution(block.name + ".conv3", outputs, {}).batch_norm(block.name + ".bn3");
  Layers other = projected(layers, block.name + ".downsample", outputs, block.stride);
  layers.add(std::move(body), std::move(other)).relu();
}

}  // namespace telegrad::training
