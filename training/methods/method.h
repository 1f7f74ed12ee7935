#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "sim/core/exchange.h"
#include "training/methods/compressor.h"

namespace telegrad::training {

/// What a round's average came to at one worker.
struct Update {
  at::Tensor values;           // [d] float32
  std::uint64_t identity = 0;  // equal for equal updates, so that equal replicas stay one
};

/// How gradients are averaged over the workers.
class Method {
 public:
  virtual ~Method() = default;
  /// Of the folds that it asks its exchange for.
  virtual std::vector<Shape> shapes() const = 0;
  /// A worker's part of one round. gradient: [d] float32.
  virtual Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) = 0;
  /// The hub's part of one round.
  virtual Task<> serve(Step step, Hub& hub) = 0;
};

}  // namespace telegrad::training
