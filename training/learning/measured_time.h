#pragma once

#include "sim/core/exchange.h"

namespace telegrad::training {

/// What a gradient took on the host, charged where the simulated devices are measured.
Task<> charge_measured(double seconds, Exchange& exchange);

}  // namespace telegrad::training
