#pragma once

#include <cstddef>
#include <span>

#include "sim/core/random.h"

namespace telegrad::training::kernels {

/// Entry i becomes sign(v) * scale where uniforms[i] < |v| / scale, else 0: codes 0, 1, 2 for -1, 0, +1. As many
/// uniforms in [0, 1) as entries, or the stream's next ones (24 bits); the scale is at least max |v| for an unbiased result. (Wen et al. 2017)

/// Two bits each, four in a byte, entry 0 in the lowest; unused bits of the last byte are 0.
constexpr std::size_t ternary_bytes(std::size_t entries) { return (entries + 3) / 4; }
void pack_ternary(std::span<const float> values, std::span<const float> uniforms, float scale,
                  std::span<std::byte> into);
void pack_ternary(std::span<const float> values, Stream& random, float scale, std::span<std::byte> into);

/// Five in a byte: the sum of code(j) * 3^(j mod 5), at most 242; what is missing in the last byte counts as 0.
constexpr std::size_t ternary_base3_bytes(std::size_t entries) { return (entries + 4) / 5; }
void pack_ternary_base3(std::span<const float> values, std::span<const float> uniforms, float scale,
                        std::span<std::byte> into);
void pack_ternary_base3(std::span<const float> values, Stream& random, float scale,
                        std::span<std::byte> into);

/// Add (code - 1) * scale. False, with nothing added, where a byte is none that was packed.
[[nodiscard]] bool add_ternary(std::span<const std::byte> from, float scale, std::span<float> into);
[[nodiscard]] bool add_ternary_base3(std::span<const std::byte> from, float scale, std::span<float> into);

}  // namespace telegrad::training::kernels
