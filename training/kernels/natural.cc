#include "training/kernels/natural.h"

#include "sim/core/errors.h"
#include "training/kernels/codes.h"
#include "training/kernels/elements.h"
#include "training/kernels/uniforms.h"

namespace telegrad::training::kernels {
namespace {

struct Pack {
  static TELEGRAD_INLINE void run(const float* values, const float* uniforms, std::size_t count,
                                  std::byte* into) {
    pack_each<kNaturalWidth>(
        count, into, [=](std::size_t i) TELEGRAD_INLINED { return natural_code(values[i], uniforms[i]); });
  }
};

struct HighestExponent {
  static TELEGRAD_INLINE std::uint32_t run(const std::byte* from, std::size_t count) {
    std::uint32_t highest = 0;
    unpack_each<kNaturalWidth>(from, count, [&](std::size_t, std::uint32_t code) TELEGRAD_INLINED {
      highest = (code & 0xffU) > highest ? code & 0xffU : highest;
    });
    return highest;
  }
};

struct Add {
  static TELEGRAD_INLINE void run(const std::byte* from, float factor, float* into, std::size_t count) {
    unpack_each<kNaturalWidth>(from, count, [=](std::size_t i, std::uint32_t code) TELEGRAD_INLINED {
      into[i] += factor * from_natural(code);
    });
  }
};

}  // namespace

void pack_natural(std::span<const float> values, std::span<const float> uniforms, std::span<std::byte> into) {
  expect(uniforms.size() == values.size(), "a uniform for each entry");
  expect(into.size() == packed_bytes(values.size(), kNaturalWidth), "a code for each entry");
  dispatch<Pack>(values.data(), uniforms.data(), values.size(), into.data());
}

void pack_natural(std::span<const float> values, Stream& random, std::span<std::byte> into) {
  with_uniforms(random, values.size(), [&](std::size_t first, std::span<const float> uniforms) {
    std::size_t count = uniforms.size();
    pack_natural(values.subspan(first, count), uniforms,
                 into.subspan(packed_bytes(first, kNaturalWidth), packed_bytes(count, kNaturalWidth)));
  });
}

bool add_natural(std::span<const std::byte> from, float factor, std::span<float> into) {
  expect(from.size() == packed_bytes(into.size(), kNaturalWidth), "a code for each entry");
  if (dispatch<HighestExponent>(from.data(), into.size()) == 255) return false;
  dispatch<Add>(from.data(), factor, into.data(), into.size());
  return true;
}

}  // namespace telegrad::training::kernels
