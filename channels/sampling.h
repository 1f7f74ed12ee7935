#pragma once

#include "sim/core/parameter.h"
#include "sim/core/sampling.h"

namespace telegrad::channels {

/// The setting `sampling` of a network that can be fast-forwarded.
Parameter sampling_parameter();

/// What a resolved network says of it; nothing where every round is simulated. Seed and last round are left to
/// the caller.
std::optional<SamplingSettings> sampling_of(const Value& network);

}  // namespace telegrad::channels
