#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training::kernels {

/// The largest entries by a threshold that a sample suggests: of every s-th entry, s odd, about 1 % of all and at
/// least two for each that is to be found. It is lowered to 0.8 of itself as long as fewer than 0.8 k entries reach it,
/// at most ten times. Of those that reach it the k largest are chosen, in rising order, ties to the lower index: always
/// the largest entries of all, and mostly, but not always, 0.8 k to k of them. Vectors too short for a sample are
/// searched whole. start: where the sample begins, modulo s. Returns false, with nothing chosen, where an entry is NaN
/// or infinite. (Lin et al. 2018)
[[nodiscard]] bool select_sampled(std::span<const float> values, std::size_t k, std::size_t start,
                                  std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen);

/// s: 1 where all entries are looked at.
std::size_t sample_stride(std::size_t size, std::size_t k);

}  // namespace telegrad::training::kernels
