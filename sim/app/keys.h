#pragma once

#include <cstdint>
#include <string>

#include "sim/core/value.h"

namespace telegrad::app {

/// All that a recording depends on, for a run whose models do not depend on the link: what is trained, how, by whom,
/// and in which blocks it is cut. `scenario` is resolved.
Value recording_dependencies(const Value& scenario, std::uint32_t block_limit);

/// All that a run's results depend on: not its name, the host's threads, ns-3's own outputs, or the targets that are judged afterwards.
Value cell_dependencies(const Value& scenario);

/// The scenario that makes such a recording: the same training over links that take no time.
Value recording_scenario(const Value& scenario, std::uint32_t block_limit);

}  // namespace telegrad::app
