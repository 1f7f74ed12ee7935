#pragma once

#include "sim/core/training.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// Serialised bytes of all messages of a steady round over the exchange of a resolved scenario.
double round_bytes(const Value& scenario, const TrainingFacts& facts);

}  // namespace telegrad::app
