#pragma once

#include <cstddef>
#include <cstdint>

namespace telegrad {

/// Opens bytes as a block of units of several kinds and aborts when a promise is broken: what opens has entries that
/// rise within its span, finite in number, and can be added to a vector.
void check_block_door(const std::uint8_t* bytes, std::size_t size);

}  // namespace telegrad
