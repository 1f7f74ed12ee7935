#pragma once

#include "sim/core/parameter.h"

namespace telegrad::training {

/// The scenario's "training" and "compression".
Table training_parameters();
Table compression_parameters();

}  // namespace telegrad::training
