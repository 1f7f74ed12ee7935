#pragma once

#include <cstddef>
#include <cstdint>

namespace telegrad {

/// Sends bytes through the scenario door and aborts when a promise of it is broken: it ends in a value or in
/// problems that lie within the text, and a value reads back as dumped.
void check_json_door(const std::uint8_t* bytes, std::size_t size);

}  // namespace telegrad
