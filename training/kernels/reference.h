#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What the kernels compute, as a person would write it down: one entry, one bit at a time. Tests compare.
namespace telegrad::training::kernels::reference {

using Bytes = std::vector<std::byte>;
using Floats = std::span<const float>;

std::vector<std::uint32_t> select_largest(Floats values, std::size_t k);

Bytes pack_codes(std::span<const std::uint32_t> codes, unsigned width);
Bytes pack_signs(Floats values);
Bytes pack_ternary(Floats values, Floats uniforms, float scale);
Bytes pack_ternary_base3(Floats values, Floats uniforms, float scale);
Bytes stochastic_quantise(Floats values, Floats uniforms, float norm, std::uint32_t levels, unsigned width);
Bytes pack_natural(Floats values, Floats uniforms);

/// The values that packed bytes stand for.
std::vector<std::uint32_t> unpack_codes(std::span<const std::byte> from, unsigned width, std::size_t entries);
std::vector<float> signs(std::span<const std::byte> from, float scale, std::size_t entries);
std::vector<float> ternary(std::span<const std::byte> from, float scale, std::size_t entries);
std::vector<float> ternary_base3(std::span<const std::byte> from, float scale, std::size_t entries);
std::vector<float> quantised(std::span<const std::byte> from, float norm, std::uint32_t levels,
                             unsigned width, std::size_t entries);
std::vector<float> natural(std::span<const std::byte> from, std::size_t entries);

}  // namespace telegrad::training::kernels::reference
