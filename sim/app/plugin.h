#pragma once

#include "sim/core/training.h"

namespace telegrad::app {

/// The training library, loaded at the first call (0.65 s): what needs no training never calls it. Throws
/// RunError(internal) when libtelegrad_training.so is not beside the executable or does not load.
const TrainingPlugin& training_plugin();

}  // namespace telegrad::app
