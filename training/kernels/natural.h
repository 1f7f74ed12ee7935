#pragma once

#include <cstddef>
#include <span>

#include "sim/core/random.h"

namespace telegrad::training::kernels {

constexpr unsigned kNaturalWidth = 9;  // bits: the exponent, and above it the sign

/// Natural compression: |v| between 2^a and 2^(a+1) goes up with probability |v| / 2^a - 1, else down; 0 stays 0;
/// denormals become 0 or 2^-126; at most 2^127. Codes of 9 bits (codes.h). As many uniforms in [0, 1) as entries;
/// finite values. Unbiased, exactly so for uniforms of 24 bits, below 2^127. (Horvath et al. 2022)
void pack_natural(std::span<const float> values, std::span<const float> uniforms, std::span<std::byte> into);
/// The same with the stream's next uniforms.
void pack_natural(std::span<const float> values, Stream& random, std::span<std::byte> into);

/// Adds factor * value. False, with nothing added, where a code is not that of a finite number.
[[nodiscard]] bool add_natural(std::span<const std::byte> from, float factor, std::span<float> into);

}  // namespace telegrad::training::kernels
