#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/value.h"

namespace telegrad::app {

/// Reads a scenario file, applies `--set` overrides and resolves all of it. Writes nothing. Throws ScenarioError
/// with everything that is wrong. Loads the training library.
Value load_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides);

/// The JSON Schema of scenario files.
Value scenario_schema();

}  // namespace telegrad::app
