#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace telegrad::results {

enum class Leg : std::uint8_t { up, down };  // towards the hub, away from it

/// By the last word of a message's purpose: "up", "share up", "down", "share down"; nullopt for any other.
inline std::optional<Leg> leg_of(std::string_view purpose) {
  std::string_view word = purpose.substr(purpose.rfind(' ') + 1);  // npos + 1 is 0
  if (word == "up") return Leg::up;
  if (word == "down") return Leg::down;
  return std::nullopt;
}

}  // namespace telegrad::results
