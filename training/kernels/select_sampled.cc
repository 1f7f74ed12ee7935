#include "training/kernels/select_sampled.h"

#include <algorithm>

#include "training/kernels/elements.h"
#include "training/kernels/select.h"
#include "training/kernels/threshold.h"

namespace telegrad::training::kernels {
namespace {

constexpr int kRounds = 10;
constexpr float kLower = 0.8F;

/// A magnitude that about k entries reach.
float sampled_threshold(std::span<const float> values, std::size_t k, std::size_t start, std::size_t stride,
                        std::vector<std::uint64_t>& scratch) {
  scratch.clear();
  for (std::size_t i = start % stride; i < values.size(); i += stride) {
    scratch.push_back(magnitude_bits(values[i]));
  }
  const std::size_t among = (scratch.size() * k + values.size() - 1) / values.size();
  const auto magnitude = [&](std::size_t i) { return static_cast<std::uint32_t>(scratch[i]); };
  return float_of(find_threshold(scratch.size(), among, magnitude).magnitude);
}

/// Those that reach the threshold. Returns false where an entry is not finite.
bool survivors(std::span<const float> values, float threshold, std::vector<std::uint32_t>& chosen) {
  chosen.clear();
  const std::uint32_t lowest = magnitude_bits(threshold);
  std::uint32_t highest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t magnitude = magnitude_bits(values[i]);
    highest = std::max(highest, magnitude);
    if (magnitude >= lowest) chosen.push_back(static_cast<std::uint32_t>(i));
  }
  if (highest < kInfinityBits) return true;
  chosen.clear();
  return false;
}

}  // namespace

std::size_t sample_stride(std::size_t size, std::size_t k) {
  if (k == 0 || k >= size) return 1;
  const std::size_t samples = std::max(size / 100, (2 * size + k - 1) / k);
  const std::size_t stride = samples == 0 ? 1 : size / samples;
  return stride <= 2 ? 1 : stride - 1 + stride % 2;
}

bool select_sampled(std::span<const float> values, std::size_t k, std::size_t start,
                    std::vector<std::uint64_t>& scratch, std::vector<std::uint32_t>& chosen) {
  const std::size_t stride = sample_stride(values.size(), k);
  if (stride == 1) return select_largest(values, k, scratch, chosen);
  float threshold = sampled_threshold(values, k, start, stride, scratch);
  for (int round = 0;; ++round) {
    if (!survivors(values, threshold, chosen)) return false;
    if (5 * chosen.size() >= 4 * k || round == kRounds) break;
    threshold *= kLower;
  }
  if (chosen.size() <= k) return true;
  // The paper accepts up to 1.3 k as they are; the exact choice among them costs little and sends the largest.
  std::vector<float> kept;
  kept.reserve(chosen.size());
  for (std::uint32_t at : chosen) kept.push_back(values[at]);
  std::vector<std::uint32_t> places;
  if (!select_largest(kept, k, scratch, places)) return false;
  for (std::size_t i = 0; i < places.size(); ++i)
    chosen[i] = chosen[places[i]];  // places rise: none is overwritten
  chosen.resize(places.size());
  return true;
}

}  // namespace telegrad::training::kernels
