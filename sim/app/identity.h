#pragma once

#include "sim/core/value.h"

namespace telegrad::app {

/// What results depend on besides the scenario: this binary and its libraries, byte by byte, and the versions that
/// they were made with. Loads the training library.
const Value& program_identity();

/// Names, sizes and dates of the files that a training reads; `training` is resolved.
Value data_identity(const Value& training);

}  // namespace telegrad::app
