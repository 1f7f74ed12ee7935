#pragma once

#include "sim/core/registry.h"

namespace telegrad::app {

/// What is known without the training library: networks, exchanges, programs, simulated devices.
const Catalogues& light_catalogues();

/// Everything; loads the training library.
const Catalogues& all_catalogues();

}  // namespace telegrad::app
