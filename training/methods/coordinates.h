#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "training/methods/compressor.h"

namespace telegrad::training {

/// Places in the gradient, rising, that one worker names for all.
using Coordinates = std::vector<std::uint32_t>;

/// Indices alone.
Payload pack_coordinates(const Coordinates& coordinates, const codecs::Stamp& stamp,
                         std::span<const codecs::Unit> units, Cut cut);

/// None where a block is missing: which values are whose nobody could tell.
Coordinates read_coordinates(const Payload& payload, std::span<const codecs::Unit> units);

/// Equal for equal coordinates.
std::uint64_t identity_of(const Coordinates& coordinates);

}  // namespace telegrad::training
