#pragma once

#include <cstdint>

#include "sim/core/device.h"
#include "sim/core/registry.h"

namespace telegrad::app {

/// The scenario's "simulated_device".
Table simulated_device_table();

/// That section, resolved, where nothing takes time but the network.
Value instant_devices();

/// Whether its gradients take what they take on the host.
bool measured(const Value& resolved);

/// The profiles, as `list devices` shows them.
Catalogue device_catalogue();

/// The devices of workers 0..workers-1 and of the hub, node `workers`, whose speed factor is 1. `resolved` is the
/// section; factors that are drawn come from `seed`.
Devices make_devices(const Value& resolved, std::uint32_t workers, std::uint64_t seed);

}  // namespace telegrad::app
