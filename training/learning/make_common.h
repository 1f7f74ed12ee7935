#pragma once

#include "training/learning/worker.h"

namespace telegrad::training {

/// What a scenario says of all its workers; `training` and `compression` are resolved. Throws ScenarioError where parts
/// of it do not fit together, and RunError(bad_data).
Common make_common(const Value& training, const Value& compression, const TrainingContext& context);

}  // namespace telegrad::training
