#pragma once

#include <ATen/core/Tensor.h>

#include "sim/core/exchange.h"
#include "training/methods/compressor.h"

namespace telegrad::training {

/// What a worker's own encoder makes of this, as a host job that is charged to it. gradient: [d] float32. step: with
/// the link, where the encoder reads it.
Task<Payload> encoded(Compressor& encoder, at::Tensor gradient, Step step, Cut cut, Exchange& exchange);

/// A member's part of a round of a cohort, beside Method::cohort_mean: the hub gets what its encoder makes of this, and
/// what was not applied of it comes back.
Task<> contribute(Compressor& encoder, at::Tensor gradient, Step step, Exchange& exchange);

/// Gives the encoder back what was not applied.
Task<> take_back(Compressor& encoder, Reduced reduced, Exchange& exchange);

}  // namespace telegrad::training
