#pragma once

#include <string>

#include "sim/results/database.h"

namespace telegrad::results {

/// What a user asked of a run, in a few lines: when each target was reached, where the time of a median round
/// went, what was sent and lost, how good the model is. From an ended run's database, or one still written.
std::string summary(const Database& database);

}  // namespace telegrad::results
