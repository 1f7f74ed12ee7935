#include "training/kernels/signs.h"

#include "sim/core/errors.h"
#include "training/kernels/codes.h"
#include "training/kernels/elements.h"

namespace telegrad::training::kernels {
namespace {

struct Pack {
  static TELEGRAD_INLINE void run(const float* values, std::size_t count, std::byte* into) {
    pack_each<1>(count, into, [=](std::size_t i) TELEGRAD_INLINED { return sign_code(values[i]); });
  }
};

struct Add {
  static TELEGRAD_INLINE void run(const std::byte* signs, float scale, float* into, std::size_t count) {
    unpack_each<1>(signs, count, [=](std::size_t i, std::uint32_t code) TELEGRAD_INLINED {
      into[i] += float_of(bits_of(scale) ^ (code << 31));
    });
  }
};

}  // namespace

void pack_signs(std::span<const float> values, std::span<std::byte> into) {
  expect(into.size() == sign_bytes(values.size()), "a bit for each entry");
  dispatch<Pack>(values.data(), values.size(), into.data());
}

void add_signs(std::span<const std::byte> signs, float scale, std::span<float> into) {
  expect(signs.size() == sign_bytes(into.size()), "a bit for each entry");
  dispatch<Add>(signs.data(), scale, into.data(), into.size());
}

}  // namespace telegrad::training::kernels
