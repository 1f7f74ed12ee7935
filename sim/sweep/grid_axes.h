#pragma once

#include <string>
#include <vector>

#include "sim/sweep/grid.h"

namespace telegrad::sweep {

// Parts of a grid file; what is wrong is added to `problems` with its pointer.

/// {"/network/device_rate_mbps": [1, 2], "method": {"fp32": {"/compression/uplink": {...}}, ...}}
std::vector<Axis> read_axes(const Value& axes, std::vector<Problem>& problems);

/// [{"method": "fp32", "device_rate_mbps": [1, 2]}, ...], with labels as texts.
std::vector<Value> read_exclude(const Value& rules, const std::vector<Axis>& axes,
                                std::vector<Problem>& problems);

/// nullptr, and a problem, where there is none.
const Axis* axis_named(const std::string& name, const std::string& at, const std::vector<Axis>& axes,
                       std::vector<Problem>& problems);

void check_pointer(const std::string& pointer, const std::string& at, std::vector<Problem>& problems);

}  // namespace telegrad::sweep
