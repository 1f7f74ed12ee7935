#include "training/kernels/select.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "sim/core/errors.h"
#include "sim/core/wide.h"
#include "training/kernels/elements.h"
#include "training/kernels/threshold.h"

namespace telegrad::training::kernels {
namespace {

constexpr std::size_t kBlock = 16;          // entries that are skipped together
constexpr std::size_t kSampledFrom = 4096;  // below, a sample says too little

template <bool add>
using Values = std::conditional_t<add, float*, const float*>;

/// An entry of a vector, its magnitude above its index.
constexpr std::uint64_t candidate(std::uint32_t magnitude, std::size_t index) {
  return (std::uint64_t{magnitude} << 32) | static_cast<std::uint32_t>(index);
}

struct Pass {
  std::size_t candidates = 0;  // more than there is room for: not all were kept
  std::uint32_t highest = 0;
};

/// One pass over the vector: adds the gradient, if there is one, keeps the candidates of at least the lowest
/// magnitude, finds the highest.
template <bool add>
struct Scan {
  static TELEGRAD_INLINE Pass run(Values<add> values, const float* gradient, std::size_t count,
                                  std::uint32_t lowest, std::uint64_t* candidates, std::size_t room) {
    Pass pass;
    std::uint32_t magnitudes[kBlock];
    for (std::size_t first = 0; first < count; first += kBlock) {
      std::size_t length = count - first < kBlock ? count - first : kBlock;
      std::uint32_t highest = 0;
      if (length == kBlock) {
        highest = load(values + first, gradient + (add ? first : 0), kBlock, magnitudes);
      } else {
        highest = load(values + first, gradient + (add ? first : 0), length, magnitudes);
      }
      pass.highest = highest > pass.highest ? highest : pass.highest;
      if (highest < lowest || pass.candidates > room) continue;
      if (pass.candidates + kBlock > room) {
        pass.candidates = room + 1;
        continue;
      }
      for (std::size_t i = 0; i < length; ++i) {
        candidates[pass.candidates] = candidate(magnitudes[i], first + i);
        pass.candidates += magnitudes[i] >= lowest ? 1 : 0;
      }
    }
    return pass;
  }

  static TELEGRAD_INLINE std::uint32_t load(Values<add> values, const float* gradient, std::size_t count,
                                            std::uint32_t* magnitudes) {
    std::uint32_t highest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      float value = values[i];
      if constexpr (add) values[i] = value += gradient[i];
      magnitudes[i] = magnitude_bits(value);
      highest = magnitudes[i] > highest ? magnitudes[i] : highest;
    }
    return highest;
  }
};

struct Counts {
  std::size_t above = 0, equal = 0;
};

struct Count {
  static TELEGRAD_INLINE Counts run(const float* values, std::size_t count, std::uint32_t magnitude) {
    constexpr std::size_t kRun = 65536;
    Counts all;
    for (std::size_t first = 0; first < count; first += kRun) {
      std::size_t end = count - first < kRun ? count : first + kRun;
      std::uint32_t above = 0, equal = 0;
      for (std::size_t i = first; i < end; ++i) {
        above += magnitude_bits(values[i]) > magnitude ? 1U : 0U;
        equal += magnitude_bits(values[i]) == magnitude ? 1U : 0U;
      }
      all.above += above;
      all.equal += equal;
    }
    return all;
  }
};

/// A magnitude that most likely k entries reach and few more than k, from entries spread over the vector; the
/// largest of all where k is too large a part of them for candidates to be worth while.
template <class Magnitude>
std::uint32_t guess(std::size_t count, std::size_t k, std::vector<std::uint64_t>& scratch,
                    Magnitude magnitude) {
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  if (count < kSampledFrom || k > count / 4) return kNone;
  std::size_t samples = std::min<std::size_t>(count / 8, 65536);
  std::size_t stride = count / samples;
  double among = static_cast<double>(samples) * static_cast<double>(k) / static_cast<double>(count);
  auto rank = static_cast<std::size_t>(among + 4 * std::sqrt(among) + 4);
  scratch.resize(std::max(scratch.size(), samples));
  for (std::size_t i = 0; i < samples; ++i) scratch[i] = magnitude(sampled_place(i, stride));
  return find_threshold(samples, rank, [&](std::size_t i) { return static_cast<std::uint32_t>(scratch[i]); })
      .magnitude;
}

/// Those above the threshold and the first ties, in order; `entry(i)` is a candidate.
template <class Entry>
void choose(std::size_t count, std::size_t k, Threshold threshold, std::vector<std::uint32_t>& chosen,
            Entry entry) {
  chosen.resize(k);
  std::size_t at = 0;
  for (std::size_t i = 0; i < count && at < k; ++i) {
    std::uint64_t both = entry(i);
    auto magnitude = static_cast<std::uint32_t>(both >> 32);
    // Nobody can foresee which entries are chosen: no branches.
    auto above = static_cast<std::size_t>(magnitude > threshold.magnitude);
    auto tie = static_cast<std::size_t>(magnitude == threshold.magnitude) &
               static_cast<std::size_t>(threshold.ties > 0);
    threshold.ties -= tie;
    chosen[at] = static_cast<std::uint32_t>(both);
    at += above | tie;
  }
  expect(at == k, "as many entries as a threshold was made for");
}

template <bool add>
bool select(Values<add> values, const float* gradient, std::size_t count, std::size_t k,
            std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen) {
  chosen.clear();
  k = std::min(k, count);
  std::uint32_t lowest = guess(count, k, scratch, [=](std::size_t i) {
    return magnitude_bits(add ? values[i] + gradient[i] : values[i]);
  });
  std::size_t room = lowest > kInfinityBits ? 0 : k + k / 2 + 4096;
  scratch.resize(std::max(scratch.size(), room));
  Pass pass = dispatch<Scan<add>>(values, gradient, count, lowest, scratch.data(), room);
  if (pass.highest >= kInfinityBits) return false;
  if (k == 0) return true;
  if (pass.candidates >= k && pass.candidates <= room) {
    auto entry = [&](std::size_t i) { return scratch[i]; };
    Threshold threshold = find_threshold(
        pass.candidates, k, [&](std::size_t i) { return static_cast<std::uint32_t>(scratch[i] >> 32); });
    choose(pass.candidates, k, threshold, chosen, entry);
    return true;
  }
  Threshold threshold;
  Counts counts;
  if (pass.candidates > room && room > 0)
    counts = dispatch<Count>(static_cast<const float*>(values), count, lowest);
  if (counts.above < k && k <= counts.above + counts.equal) {  // so many equal the guess, zeros say
    threshold = {.magnitude = lowest, .ties = k - counts.above};
  } else {
    threshold = find_threshold(count, k, [=](std::size_t i) { return magnitude_bits(values[i]); });
  }
  choose(count, k, threshold, chosen, [=](std::size_t i) { return candidate(magnitude_bits(values[i]), i); });
  return true;
}

}  // namespace

bool select_largest(std::span<const float> values, std::size_t k, std::vector<std::uint64_t>& scratch,
                    std::vector<std::uint32_t>& chosen) {
  return select<false>(values.data(), nullptr, values.size(), k, scratch, chosen);
}

bool add_and_select(std::span<float> residual, std::span<const float> gradient, std::size_t k,
                    std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen) {
  expect(residual.size() == gradient.size(), "a gradient for each residual");
  return select<true>(residual.data(), gradient.data(), residual.size(), k, scratch, chosen);
}

}  // namespace telegrad::training::kernels
