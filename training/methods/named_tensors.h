#pragma once

#include <string_view>
#include <vector>

#include "sim/core/value.h"
#include "training/layout.h"

namespace telegrad::training {

/// Whether a name is what a pattern means, in which every * stands for any letters, also none: "conv1.*", "*.bias".
bool fits(std::string_view pattern, std::string_view name);

/// Which tensors a list of patterns means, in the order of the layout. setting: its key, for the message. Throws
/// ScenarioError where a pattern fits no tensor.
std::vector<bool> named_tensors(const Value& patterns, const char* setting, const Layout& layout);

}  // namespace telegrad::training
