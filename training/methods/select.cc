#include "training/methods/select.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

namespace telegrad::training {

bool select_largest(std::span<const float> values, std::size_t k, std::vector<std::uint64_t>& scratch,
                    std::vector<std::uint32_t>& chosen) {
  constexpr std::uint32_t kInfinity = 0x7f800000U;
  chosen.clear();
  scratch.resize(values.size());
  std::uint32_t highest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Magnitudes order like their bits; below them the inverted index, so that the lower one wins a tie.
    std::uint32_t magnitude = std::bit_cast<std::uint32_t>(values[i]) & 0x7fffffffU;
    highest = std::max(highest, magnitude);
    scratch[i] = (std::uint64_t{magnitude} << 32) | static_cast<std::uint32_t>(~i);
  }
  if (highest >= kInfinity) return false;
  k = std::min(k, values.size());
  auto end = scratch.begin() + static_cast<std::ptrdiff_t>(k);
  if (k < values.size()) std::nth_element(scratch.begin(), end, scratch.end(), std::greater<>());
  chosen.reserve(k);
  for (auto at = scratch.begin(); at != end; ++at) chosen.push_back(~static_cast<std::uint32_t>(*at));
  std::sort(chosen.begin(), chosen.end());
  return true;
}

}  // namespace telegrad::training
