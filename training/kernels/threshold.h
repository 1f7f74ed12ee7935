#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace telegrad::training::kernels {

/// The largest k of some magnitudes: all that are above this one, and the first `ties` that equal it.
struct Threshold {
  std::uint32_t magnitude = 0;
  std::size_t ties = 0;
};

/// Where the i-th sample of a vector lies, one in each stride. Multiplied by the golden ratio, places within the strides
/// are spread evenly and follow no layer's width.
constexpr std::size_t sampled_place(std::size_t i, std::size_t stride) {
  return i * stride + (((i * 0x9E3779B9U) & 0xffffffffU) * stride >> 32);
}

/// Counts `magnitude(i) >> shift` of those whose bits above these bins are `prefix`. With `lanes` tables, since equal
/// neighbours would wait for each other's count.
template <std::size_t bins, std::size_t lanes, class Magnitude>
std::array<std::uint32_t, bins> count_bins(std::size_t count, unsigned shift, std::uint32_t prefix,
                                           Magnitude magnitude) {
  std::array<std::array<std::uint32_t, bins>, lanes> counts{};
  auto add = [&](std::size_t i, std::size_t lane) {
    std::uint32_t bin = magnitude(i) >> shift;
    if (bin / bins == prefix) ++counts[lane][bin % bins];
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) add(i + lane, lane);
  }
  for (; i < count; ++i) add(i, 0);
  for (std::size_t lane = 1; lane < lanes; ++lane) {
    for (std::size_t bin = 0; bin < bins; ++bin) counts[0][bin] += counts[lane][bin];
  }
  return counts[0];
}

/// Of the magnitudes that `magnitude(i)` yields for i in [0, count); 0 < k <= count. Few are put in order. Of many the
/// highest 11 bits are counted (exponent and three of the mantissa), then, of those in the bin where the k-th lies,
/// the next ten, then the last ten.
template <class Magnitude>
Threshold find_threshold(std::size_t count, std::size_t k, Magnitude magnitude) {
  constexpr std::size_t kFew = 512;
  if (count <= kFew) {
    std::array<std::uint32_t, kFew> all{};
    for (std::size_t i = 0; i < count; ++i) all[i] = magnitude(i);
    auto last = all.begin() + static_cast<std::ptrdiff_t>(k - 1);
    std::nth_element(all.begin(), last, all.begin() + static_cast<std::ptrdiff_t>(count), std::greater<>());
    return {.magnitude = *last, .ties = 1 + static_cast<std::size_t>(std::count(all.begin(), last, *last))};
  }
  std::size_t wanted = k;  // of those at and below the bin
  auto bin_of_last = [&wanted](const auto& bins) {
    std::size_t bin = bins.size() - 1;
    while (bins[bin] < wanted) wanted -= bins[bin--];
    return static_cast<std::uint32_t>(bin);
  };
  std::uint32_t high = bin_of_last(count < 16384 ? count_bins<2048, 1>(count, 20, 0, magnitude)
                                                 : count_bins<2048, 4>(count, 20, 0, magnitude));
  high = (high << 10) | bin_of_last(count_bins<1024, 4>(count, 10, high, magnitude));
  high = (high << 10) | bin_of_last(count_bins<1024, 4>(count, 0, high, magnitude));
  return {.magnitude = high, .ties = wanted};
}

}  // namespace telegrad::training::kernels
