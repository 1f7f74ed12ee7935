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
  at::Tensor average = {};     // [d] float64, of all parameters so far, undefined where none is asked for
};

/// The optimizer's settings that others need.
struct OptimizerFacts {
  double momentum = 0;
  double bytes_per_parameter = 0;  // read and written by one update, for the device model
};

/// Applies an averaged update to a replica.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// `update_rate` multiplies the update: the learning rate, or 1 where it has been applied already.
  virtual Replica apply(const Replica& from, const at::Tensor& update, double learning_rate,
                        double update_rate) const = 0;
  virtual OptimizerFacts facts() const = 0;
};

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>(const Value& resolved)>;
const Registry<MakeOptimizer>& optimizers();

}  // namespace telegrad::training
