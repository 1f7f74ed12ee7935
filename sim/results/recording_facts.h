#pragma once

#include <string>

#include "sim/core/training.h"

namespace telegrad::results {

/// What results show of a training, as one line of JSON.
std::string facts_to_json(const TrainingFacts& facts);
/// Throws RunError(bad_data).
TrainingFacts facts_from_json(const std::string& text, const std::string& name);

}  // namespace telegrad::results
