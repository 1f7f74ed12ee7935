#pragma once

#include <ATen/core/Tensor.h>

#include "sim/core/random.h"

namespace telegrad::training {

/// 0 with this probability, else 1 / (1 - probability); the same for the same key. (Srivastava et al. 2014)
at::Tensor dropout_mask(at::IntArrayRef sizes, double probability, const StreamKey& key);

}  // namespace telegrad::training
