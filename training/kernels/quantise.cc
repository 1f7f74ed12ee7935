#include "training/kernels/quantise.h"

#include "sim/core/errors.h"
#include "training/kernels/codes.h"
#include "training/kernels/elements.h"
#include "training/kernels/uniforms.h"

namespace telegrad::training::kernels {
namespace {

template <unsigned Width>
struct Quantise {
  static TELEGRAD_INLINE void run(const float* values, const float* uniforms, float norm, std::int32_t levels,
                                  std::size_t count, std::byte* into) {
    pack_each<Width>(count, into, [=](std::size_t i) TELEGRAD_INLINED {
      return quantised_code(values[i], uniforms[i], norm, levels);
    });
  }
};

template <unsigned Width>
struct Highest {
  static TELEGRAD_INLINE std::uint32_t run(const std::byte* from, std::size_t count) {
    std::uint32_t highest = 0;
    unpack_each<Width>(from, count, [&](std::size_t, std::uint32_t code) TELEGRAD_INLINED {
      highest = code > highest ? code : highest;
    });
    return highest;
  }
};

template <unsigned Width>
struct Add {
  static TELEGRAD_INLINE void run(const std::byte* from, float norm, std::int32_t levels, float* into,
                                  std::size_t count) {
    unpack_each<Width>(from, count, [=](std::size_t i, std::uint32_t code) TELEGRAD_INLINED {
      into[i] += from_quantised(code, norm, levels);
    });
  }
};

void check(std::uint32_t levels, unsigned width, std::size_t entries, std::size_t bytes) {
  expect(width <= kWidest && levels >= 1 && 2 * std::uint64_t{levels} < (1U << width),
         "levels that fit the width");
  expect(bytes == packed_bytes(entries, width), "a code for each entry");
}

}  // namespace

void stochastic_quantise(std::span<const float> values, std::span<const float> uniforms, float norm,
                         std::uint32_t levels, unsigned width, std::span<std::byte> into) {
  check(levels, width, values.size(), into.size());
  expect(uniforms.size() == values.size(), "a uniform for each entry");
  with_width(width, [&]<unsigned Width> {
    dispatch<Quantise<Width>>(values.data(), uniforms.data(), norm, static_cast<std::int32_t>(levels),
                              values.size(), into.data());
  });
}

void stochastic_quantise(std::span<const float> values, Stream& random, float norm, std::uint32_t levels,
                         unsigned width, std::span<std::byte> into) {
  with_uniforms(random, values.size(), [&](std::size_t first, std::span<const float> uniforms) {
    std::size_t count = uniforms.size();
    stochastic_quantise(values.subspan(first, count), uniforms, norm, levels, width,
                        into.subspan(packed_bytes(first, width), packed_bytes(count, width)));
  });
}

bool add_quantised(std::span<const std::byte> from, float norm, std::uint32_t levels, unsigned width,
                   std::span<float> into) {
  check(levels, width, into.size(), from.size());
  std::uint32_t highest = 0;
  with_width(width, [&]<unsigned Width> { highest = dispatch<Highest<Width>>(from.data(), into.size()); });
  if (highest > 2 * levels) return false;
  with_width(width, [&]<unsigned Width> {
    dispatch<Add<Width>>(from.data(), norm, static_cast<std::int32_t>(levels), into.data(), into.size());
  });
  return true;
}

}  // namespace telegrad::training::kernels
