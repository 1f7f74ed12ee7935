#pragma once

#include <optional>
#include <string_view>

#include "sim/core/types.h"

namespace telegrad::results {

/// By the last word of a message's purpose: "up", "share up", "down", "share down"; nullopt for any other.
inline std::optional<Leg> leg_of(std::string_view purpose) {
  std::string_view word = purpose.substr(purpose.rfind(' ') + 1);  // npos + 1 is 0
  if (word == "up") return Leg::up;
  if (word == "down") return Leg::down;
  return std::nullopt;
}

}  // namespace telegrad::results
