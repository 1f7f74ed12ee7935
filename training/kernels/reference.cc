#include "training/kernels/reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace telegrad::training::kernels::reference {
namespace {

using Codes = std::vector<std::uint32_t>;

Codes ternary_codes(Floats values, Floats uniforms, float scale) {
  Codes codes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bool kept = uniforms[i] < std::fabs(values[i]) / scale;
    codes.push_back(!kept ? 1 : values[i] < 0 ? 0 : 2);
  }
  return codes;
}

float from_level(int level, float norm, std::uint32_t levels) {
  return norm * (static_cast<float>(level) / static_cast<float>(levels));
}

}  // namespace

std::vector<std::uint32_t> select_largest(Floats values, std::size_t k) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return std::fabs(values[a]) > std::fabs(values[b]); });
  order.resize(std::min(k, values.size()));
  std::sort(order.begin(), order.end());
  return order;
}

Bytes pack_codes(std::span<const std::uint32_t> codes, unsigned width) {
  Bytes bytes((codes.size() * width + 7) / 8);
  for (std::size_t i = 0; i < codes.size() * width; ++i) {
    if ((codes[i / width] >> (i % width) & 1U) != 0) bytes[i / 8] |= std::byte{1} << (i % 8);
  }
  return bytes;
}

std::vector<std::uint32_t> unpack_codes(std::span<const std::byte> from, unsigned width,
                                        std::size_t entries) {
  Codes codes(entries);
  for (std::size_t i = 0; i < entries * width; ++i) {
    if ((from[i / 8] >> (i % 8) & std::byte{1}) != std::byte{0}) codes[i / width] |= 1U << (i % width);
  }
  return codes;
}

Bytes pack_signs(Floats values) {
  Codes codes;
  for (float value : values) codes.push_back(value < 0 ? 1 : 0);
  return pack_codes(codes, 1);
}

Bytes pack_ternary(Floats values, Floats uniforms, float scale) {
  return pack_codes(ternary_codes(values, uniforms, scale), 2);
}

Bytes pack_ternary_base3(Floats values, Floats uniforms, float scale) {
  Codes codes = ternary_codes(values, uniforms, scale);
  Bytes bytes((values.size() + 4) / 5);
  for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
    unsigned sum = 0;
    unsigned weight = 1;
    for (std::size_t j = 5 * byte; j < std::min(5 * byte + 5, codes.size()); ++j, weight *= 3) {
      sum += codes[j] * weight;
    }
    bytes[byte] = static_cast<std::byte>(sum);
  }
  return bytes;
}

Bytes stochastic_quantise(Floats values, Floats uniforms, float norm, std::uint32_t levels, unsigned width) {
  Codes codes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    float r =
        norm == 0 || std::isnan(values[i])
            ? 0
            : std::min(std::fabs(values[i]) / norm * static_cast<float>(levels), static_cast<float>(levels));
    auto level = static_cast<int>(std::floor(r));
    if (uniforms[i] < r - std::floor(r)) ++level;
    if (values[i] < 0) level = -level;
    codes.push_back(static_cast<std::uint32_t>(static_cast<int>(levels) + level));
  }
  return pack_codes(codes, width);
}

Bytes pack_natural(Floats values, Floats uniforms) {
  Codes codes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    constexpr float kSmallest = 0x1p-126F;
    float magnitude = std::fabs(values[i]);
    float below = magnitude < kSmallest ? 0 : std::ldexp(1.0F, std::ilogb(magnitude));
    float above = magnitude < kSmallest ? kSmallest : 2 * below;
    bool up = below != 0x1p127F && uniforms[i] < (magnitude - below) / std::max(below, kSmallest);
    float power = up ? above : below;
    std::uint32_t exponent = power == 0 ? 0 : static_cast<std::uint32_t>(std::ilogb(power) + 127);
    codes.push_back(exponent + (std::signbit(values[i]) ? 256 : 0));
  }
  return pack_codes(codes, 9);
}

std::vector<float> signs(std::span<const std::byte> from, float scale, std::size_t entries) {
  std::vector<float> values;
  for (std::uint32_t code : unpack_codes(from, 1, entries)) values.push_back(code == 1 ? -scale : scale);
  return values;
}

std::vector<float> ternary(std::span<const std::byte> from, float scale, std::size_t entries) {
  std::vector<float> values;
  for (std::uint32_t code : unpack_codes(from, 2, entries))
    values.push_back((static_cast<float>(code) - 1) * scale);
  return values;
}

std::vector<float> ternary_base3(std::span<const std::byte> from, float scale, std::size_t entries) {
  std::vector<float> values;
  for (std::size_t i = 0; i < entries; ++i) {
    auto code = static_cast<unsigned>(from[i / 5]);
    for (std::size_t j = 0; j < i % 5; ++j) code /= 3;
    values.push_back((static_cast<float>(code % 3) - 1) * scale);
  }
  return values;
}

std::vector<float> quantised(std::span<const std::byte> from, float norm, std::uint32_t levels,
                             unsigned width, std::size_t entries) {
  std::vector<float> values;
  for (std::uint32_t code : unpack_codes(from, width, entries)) {
    values.push_back(from_level(static_cast<int>(code) - static_cast<int>(levels), norm, levels));
  }
  return values;
}

std::vector<float> natural(std::span<const std::byte> from, std::size_t entries) {
  std::vector<float> values;
  for (std::uint32_t code : unpack_codes(from, 9, entries)) {
    auto exponent = static_cast<int>(code & 255U);
    float power = exponent == 0 ? 0 : std::ldexp(1.0F, exponent - 127);
    values.push_back(code >= 256 ? -power : power);
  }
  return values;
}

}  // namespace telegrad::training::kernels::reference
