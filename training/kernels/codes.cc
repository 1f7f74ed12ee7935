#include "training/kernels/codes.h"

#include "sim/core/errors.h"

namespace telegrad::training::kernels {
namespace {

template <unsigned Width>
struct Pack {
  static TELEGRAD_INLINE void run(const std::uint32_t* codes, std::size_t count, std::byte* into) {
    pack_each<Width>(count, into, [=](std::size_t i) TELEGRAD_INLINED { return codes[i]; });
  }
};

template <unsigned Width>
struct Unpack {
  static TELEGRAD_INLINE void run(const std::byte* from, std::uint32_t* codes, std::size_t count) {
    unpack_each<Width>(from, count,
                       [=](std::size_t i, std::uint32_t code) TELEGRAD_INLINED { codes[i] = code; });
  }
};

void check(std::size_t codes, unsigned width, std::size_t bytes) {
  expect(width >= 1 && width <= kWidest, "codes of 1 to 16 bits");
  expect(bytes == packed_bytes(codes, width), "as many bytes as the codes fill");
}

}  // namespace

void pack_codes(std::span<const std::uint32_t> codes, unsigned width, std::span<std::byte> into) {
  check(codes.size(), width, into.size());
  with_width(width, [&]<unsigned Width> { dispatch<Pack<Width>>(codes.data(), codes.size(), into.data()); });
}

void unpack_codes(std::span<const std::byte> from, unsigned width, std::span<std::uint32_t> codes) {
  check(codes.size(), width, from.size());
  with_width(width,
             [&]<unsigned Width> { dispatch<Unpack<Width>>(from.data(), codes.data(), codes.size()); });
}

}  // namespace telegrad::training::kernels
