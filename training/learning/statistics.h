#pragma once

#include <ATen/core/Tensor.h>

#include "sim/core/exchange.h"
#include "training/methods/method.h"

namespace telegrad::training {

/// A worker's part in the mean of all workers' running statistics, which travel as float32. own: [b] float32, not
/// changed. A worker's blocks that were lost on their way are left out; where nobody's arrived, or the mean was lost,
/// its own stay.
Task<at::Tensor> mean_statistics(at::Tensor own, Exchange& exchange);

/// The hub's part.
Task<> serve_mean_statistics(std::int64_t size, Hub& hub);

/// One worker's messages for it in blocks of 64 KiB.
MessageSizes sizes_of_statistics(std::int64_t size);

}  // namespace telegrad::training
