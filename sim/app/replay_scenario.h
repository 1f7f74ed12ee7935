#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/app/link_facts.h"
#include "sim/core/recording.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// What a recording or a trace stands for in a scenario: settings that a file may repeat and cannot change.
struct Recorded {
  Value settings;       // by pointer: {"/workers": 8, "/training": {...}, ...}
  std::string made_by;  // "the recording", for messages
};

Recorded recorded_by_telegrad(const Recording& recording, const std::string& name);
Recorded recorded_by_others(const Recording& recording, const std::string& name);

/// A scenario file for a training that is there already: it needs a network and may say how fast devices are, seeds,
/// targets and the like. Resolved without the training library. Throws ScenarioError.
Value resolve_replay(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const Recorded& recorded);

/// Throws ScenarioError where what was recorded is not what such a network does to a training.
void check_replay(const Value& scenario, const LinkFacts& link, const Recording& recording,
                  const std::filesystem::path& file);

}  // namespace telegrad::app
