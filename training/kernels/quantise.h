#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/core/random.h"

namespace telegrad::training::kernels {

/// Levels of a vector scaled by its norm, sign(v) (floor(r) + (u < r - floor(r))) with r = levels |v| / norm, as
/// offset integers level + levels in codes of `width` bits (codes.h): 2 levels < 2^width, width in [2, 16]. A norm of
/// 0 gives level 0; so does a NaN. As many uniforms in [0, 1) as entries. `into` has packed_bytes(entries, width)
/// bytes. (Alistarh et al. 2017)
void stochastic_quantise(std::span<const float> values, std::span<const float> uniforms, float norm,
                         std::uint32_t levels, unsigned width, std::span<std::byte> into);
/// The same with the stream's next uniforms (24 bits).
void stochastic_quantise(std::span<const float> values, Stream& random, float norm, std::uint32_t levels,
                         unsigned width, std::span<std::byte> into);

/// Adds norm * (level / levels). False, with nothing added, where a code is above 2 levels.
[[nodiscard]] bool add_quantised(std::span<const std::byte> from, float norm, std::uint32_t levels,
                                 unsigned width, std::span<float> into);

}  // namespace telegrad::training::kernels
