#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "training/layout.h"
#include "training/models/pass.h"

namespace telegrad::training {

/// Where layers put their tensors and arithmetic.
struct Ledger {
  Layout& parameters;
  Layout& buffers;
  double& multiply_accumulates;  // of one sample
  std::uint32_t dropouts = 0;
};

/// The shape of one sample between two layers; after `flatten` a vector of `channels`.
struct Extent {
  std::int64_t channels = 0;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t size() const { return channels * height * width; }
};

enum class Bias { none, added };

/// How convolution weights start; a bias starts as LibTorch's does, or at zero with normal weights.
enum class Start {
  uniform,            // +-1/sqrt(fan_in), as LibTorch's layers do
  normal_by_outputs,  // deviation sqrt(2 / fan_out) (He et al. 2015)
};

struct Convolution {
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
  Bias bias = Bias::none;
  Start start = Start::normal_by_outputs;
};

struct Pooling {
  std::int64_t kernel = 2;
  std::int64_t stride = 2;
  std::int64_t padding = 0;
};

/// A sequence of layers, written down as a paper's table has them. Each call appends a layer, adds its tensors to the
/// ledger under `name`, and works out the shape that leaves it. Tensors have the names of the field's published models,
/// so that state dicts fit. The ledger is needed only while layers are added.
class Layers {
 public:
  Layers(Ledger& ledger, const Extent& input) : ledger_(&ledger), extent_(input) {}

  Layers& convolution(const std::string& name, std::int64_t outputs, const Convolution& how);
  /// Over the batch in training, by the running statistics in evaluation; eps 1e-5, the statistics move by 0.1.
  /// (Ioffe and Szegedy 2015)
  Layers& batch_norm(const std::string& name);
  Layers& relu();
  Layers& relu6();
  Layers& max_pool(const Pooling& how);
  Layers& mean_pool(const Pooling& how);
  /// The mean over each part of an image that is divided into height x width, whatever its size.
  Layers& mean_pool_to(std::int64_t height, std::int64_t width);
  Layers& flatten();
  /// weight and, where asked for, bias: within +-1/sqrt(inputs) of zero; or the weight normal with this deviation and
  /// the bias zero.
  Layers& linear(const std::string& name, std::int64_t outputs, Bias bias = Bias::added,
                 double deviation = 0);
  /// Zeroes entries with this probability in training, and divides the others by what is left of it.
  Layers& dropout(double probability);
  /// Zeroes whole channels.
  Layers& dropout_channels(double probability);
  /// x -> body(x) + shortcut(x). Both began as a branch of this one.
  Layers& add(Layers body, Layers shortcut);
  /// x -> body(x), which began as a branch of this one.
  Layers& follow(Layers body);
  /// x -> x and what each branch makes of it, by channels. They leave the height and width that x has.
  Layers& join(std::vector<Layers> branches);
  /// Passes x on; in training the head, which began as a branch of this one, learns of it too.
  Layers& learn_beside(Layers head, double weight);
  /// Images of this height and width by interpolation; corners stay corners.
  Layers& resize(std::int64_t height, std::int64_t width);
  /// Any function without tensors of its own.
  Layers& apply(std::function<at::Tensor(const at::Tensor&)> function, const Extent& output);

  /// No layers yet, for what this one has made so far.
  Layers branch() const { return {*ledger_, extent_}; }
  const Extent& extent() const { return extent_; }
  at::Tensor operator()(const Pass& pass, at::Tensor x) const;

 private:
  using Step = std::function<at::Tensor(const Pass&, const at::Tensor&)>;
  Layers& dropout(double probability, bool channels);

  Ledger* ledger_;
  Extent extent_;
  std::vector<Step> steps_;
};

}  // namespace telegrad::training
