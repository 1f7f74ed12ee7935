#pragma once

#include <cstddef>
#include <span>

namespace telegrad::training::kernels {

constexpr std::size_t sign_bytes(std::size_t entries) { return (entries + 7) / 8; }

/// Bit i mod 8 of byte i / 8 is 1 where entry i is negative; sign(0) = +1. `into` has sign_bytes(entries) bytes, of
/// which the bits beyond the last entry are 0.
void pack_signs(std::span<const float> values, std::span<std::byte> into);

/// Adds -scale where the bit is 1, else +scale.
void add_signs(std::span<const std::byte> signs, float scale, std::span<float> into);

}  // namespace telegrad::training::kernels
