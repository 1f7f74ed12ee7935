#pragma once

#include <cstdint>
#include <span>

#include "sim/core/exchange.h"

namespace telegrad::training {

/// Serialised bytes of all of them.
double bytes_of(std::span<const Part> parts);

/// Equal for equal payloads in the same order.
std::uint64_t identity_of(std::span<const Part> parts);

}  // namespace telegrad::training
