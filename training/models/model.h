#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <span>

#include "sim/core/registry.h"
#include "training/datasets/dataset.h"
#include "training/layout.h"
#include "training/models/pass.h"

namespace telegrad::training {

/// A model as a function of its parameters: it holds none, so any number of threads may use it at once.
class Model {
 public:
  virtual ~Model() = default;
  /// inputs: [n, features] float32. Returns logits [n, classes], or [n, classes, ...] where every place of a sample has
  /// a label.
  virtual at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const = 0;

  /// How often it answers a sample: once, or at every place that has a label.
  virtual std::int64_t answers() const { return 1; }

  /// What the loss holds beside the cross entropy, a scalar; undefined where it holds nothing.
  virtual at::Tensor penalty(std::span<const at::Tensor> /*parameters*/) const { return {}; }

  /// What a model that brings its own weights starts from: [d] and [b] float32. Undefined: as the layouts say.
  virtual at::Tensor initial_parameters() const { return {}; }
  virtual at::Tensor initial_buffers() const { return {}; }

  const Layout& layout() const { return layout_; }
  /// What training changes without a gradient: running means and variances. Empty for most models.
  const Layout& buffers() const { return buffers_; }
  /// Multiply-accumulates of one sample's forward pass in training, in convolutions and matrix products; biases,
  /// normalisation, activations and pooling are left out.
  double multiply_accumulates() const { return multiply_accumulates_; }
  /// Forward and backward: 2 operations a multiply-accumulate, and the backward pass costs two forward ones
  /// (gradients to weights and to inputs).
  double flops_per_sample() const { return 6 * multiply_accumulates_; }

 protected:
  /// Weights and biases start uniform in +-1/sqrt(fan_in) (LeCun et al. 1998), as LibTorch's layers do.
  void add_layer(const std::string& name, std::vector<std::int64_t> weight_shape, std::int64_t positions = 1);

  Layout layout_;
  Layout buffers_;
  double multiply_accumulates_ = 0;
};

/// Throws ScenarioError where the model does not fit the inputs.
using MakeModel = std::function<std::unique_ptr<Model>(const Value& resolved, const Dataset& dataset)>;
const Registry<MakeModel>& models();

}  // namespace telegrad::training
