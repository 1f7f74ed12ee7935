#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

#include "sim/core/random.h"

namespace telegrad::training {

/// What a model is used for: dropout and batch normalisation differ.
enum class Mode { training, evaluation };

/// A further output that training learns by beside the last one: the loss holds weight times its cross entropy.
/// (Szegedy et al. 2015)
struct Auxiliary {
  at::Tensor logits;
  double weight = 0;
};

/// One use of a model on one batch.
struct Pass {
  std::span<const at::Tensor> parameters;    // in the shapes and order of the model's layout
  std::span<const at::Tensor> buffers = {};  // of the buffers' layout; a training pass changes them in place
  Mode mode = Mode::evaluation;
  StreamKey dropout = {};  // what masks are drawn from; each layer sets `tensor`
  std::vector<Auxiliary>* auxiliary =
      nullptr;  // where training finds further outputs; nullptr: none are made
};

}  // namespace telegrad::training
