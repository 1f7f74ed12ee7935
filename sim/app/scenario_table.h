#pragma once

#include "sim/core/errors.h"
#include "sim/core/parameter.h"
#include "sim/core/training.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// The settings of a scenario file, from the top. The training library brings its own two sections; without one
/// (nullptr) they are left out.
Table scenario_table(const TrainingPlugin* training);

/// Finds what no table can say: settings that do not fit one another. `resolved` may lack what was wrong already.
void check_scenario(const Value& resolved, std::vector<Problem>& problems);

/// Fills in the defaults that depend on other settings; `resolved` has no mistakes.
void complete_scenario(Value& resolved);

}  // namespace telegrad::app
