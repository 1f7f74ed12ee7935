// Philox4x32-10 for many counters at once. Compilers do not find the widening multiplication of 64-bit lanes by
// themselves and spend more on shuffles than on arithmetic, hence the intrinsics.

#include <cstddef>

#include "sim/core/random.h"
#include "sim/core/wide.h"

#if TELEGRAD_HAS_WIDE
#include <immintrin.h>
#endif

namespace telegrad {
namespace {

#if TELEGRAD_HAS_WIDE

/// Words of four blocks, each in the lower half of a lane; the upper halves hold what is left there.
struct Four {
  __m256i words[4];
};

TELEGRAD_WIDE TELEGRAD_INLINE Four philox(const std::uint32_t* key, const std::uint32_t* counter,
                                          std::uint32_t block) {
  __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
  __m256i a = _mm256_add_epi64(_mm256_set1_epi64x(std::int64_t{counter[0]} + block), lane);
  __m256i b = _mm256_set1_epi64x(counter[1]);
  __m256i c = _mm256_set1_epi64x(counter[2]);
  __m256i d = _mm256_set1_epi64x(counter[3]);
  std::uint32_t key0 = key[0], key1 = key[1];
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9U, key1 += 0xBB67AE85U) {
    __m256i first = _mm256_mul_epu32(_mm256_set1_epi64x(0xD2511F53), a);
    __m256i second = _mm256_mul_epu32(_mm256_set1_epi64x(0xCD9E8D57), c);
    a = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(second, 32), b), _mm256_set1_epi64x(key0));
    b = second;
    c = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(first, 32), d), _mm256_set1_epi64x(key1));
    d = first;
  }
  return {{a, b, c, d}};
}

TELEGRAD_WIDE TELEGRAD_INLINE void store(float* into, __m256i words) {
  __m256 numbers = _mm256_cvtepi32_ps(_mm256_srli_epi32(words, 8));
  _mm256_storeu_ps(into, _mm256_mul_ps(numbers, _mm256_set1_ps(0x1p-24F)));
}

/// 16 numbers of each of so many fours of blocks.
TELEGRAD_WIDE void fill_wide(const std::uint32_t* key, const std::uint32_t* counter, float* into,
                             std::uint32_t fours) {
#pragma GCC unroll 2
  for (std::uint32_t i = 0; i < fours; ++i, into += 16) {
    Four four = philox(key, counter, 4 * i);
    __m256i ab = _mm256_blend_epi32(four.words[0], _mm256_slli_epi64(four.words[1], 32), 0xaa);
    __m256i cd = _mm256_blend_epi32(four.words[2], _mm256_slli_epi64(four.words[3], 32), 0xaa);
    __m256i even = _mm256_unpacklo_epi64(ab, cd);  // blocks 0 and 2
    __m256i odd = _mm256_unpackhi_epi64(ab, cd);
    store(into, _mm256_permute2x128_si256(even, odd, 0x20));
    store(into + 8, _mm256_permute2x128_si256(even, odd, 0x31));
  }
}

#endif

}  // namespace

void Stream::fill_uniform(std::span<float> into) {
  std::size_t at = 0;
  while (at < into.size() && next_ < 4) into[at++] = uniform24();
#if TELEGRAD_HAS_WIDE
  if (wide_registers) {
    auto fours = static_cast<std::uint32_t>((into.size() - at) / 16);
    fill_wide(key_.data(), counter_.data(), into.data() + at, fours);
    counter_[0] += 4 * fours;
    at += std::size_t{16} * fours;
  }
#endif
  while (at < into.size()) into[at++] = uniform24();
}

}  // namespace telegrad
