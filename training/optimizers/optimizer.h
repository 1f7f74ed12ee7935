#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>

#include "sim/core/registry.h"

namespace telegrad::training {

/// What a replica is: its parameters and what its optimizer remembers. Never changed once made, so that equal
/// replicas are one.
struct Replica {
  std::uint64_t identity = 0;  // equal replicas have equal identities
  at::Tensor parameters;       // [d] float32
  at::Tensor velocity;         // [d] float32, undefined where the optimizer needs none
  at::Tensor squares = {};     // [d] float32, likewise: the running mean of squared updates
  std::uint64_t steps = 0;     // of an optimizer that counts them
  at::Tensor average = {};     // [d] float64, of all parameters so far, undefined where none is asked for
};

/// How far a step goes, and what the optimizer remembers of it.
struct Stride {
  at::Tensor values;  // [d] float32: the next parameters are the last ones less these
  at::Tensor velocity = {}, squares = {};
  std::uint64_t steps = 0;
};

/// The optimizer's settings that others need.
struct OptimizerFacts {
  double momentum = 0;
  bool scale_free = false;         // a factor before its update does nothing
  double bytes_per_parameter = 0;  // read and written by one update, for the device model
};

/// Applies an averaged update to a replica.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// `update_rate` multiplies the update: the learning rate, or 1 where it has been applied already.
  virtual Stride stride(const Replica& from, const at::Tensor& update, double learning_rate,
                        double update_rate) const = 0;
  /// Where that leads to.
  Replica apply(const Replica& from, const at::Tensor& update, double learning_rate,
                double update_rate) const {
    return after(from, stride(from, update, learning_rate, update_rate));
  }
  static Replica after(const Replica& from, Stride stride);
  virtual OptimizerFacts facts() const = 0;
};

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>(const Value& resolved)>;
const Registry<MakeOptimizer>& optimizers();

}  // namespace telegrad::training
