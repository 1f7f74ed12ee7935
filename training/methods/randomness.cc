#include "training/methods/randomness.h"

#include <algorithm>
#include <unordered_map>

#include "sim/core/random.h"

namespace telegrad::training {

Stream node_stream(const NodeContext& context, const Step& step, std::uint32_t unit) {
  return Stream(StreamKey{.seed = context.seed,
                          .purpose = Purpose::method,
                          .node = context.rank + 1,
                          .round = static_cast<std::uint32_t>(step.round),
                          .tensor = unit});
}

Stream shared_stream(const NodeContext& context, std::uint64_t round, std::uint32_t unit) {
  return Stream(StreamKey{.seed = context.seed,
                          .purpose = Purpose::method,
                          .node = 0,
                          .round = static_cast<std::uint32_t>(round),
                          .tensor = unit});
}

void fill_uniform(std::span<float> into, const NodeContext& context, const Step& step, std::uint32_t unit) {
  Stream stream = node_stream(context, step, unit);
  stream.fill_uniform(into);
}

std::vector<std::uint32_t> draw_without_replacement(std::uint32_t size, std::uint32_t k,
                                                    const std::function<double()>& next) {
  k = std::min(k, size);
  // Only what was swapped is kept: k of 10^8 coordinates need memory for k.
  std::unordered_map<std::uint32_t, std::uint32_t> moved;
  auto at = [&](std::uint32_t place) {
    auto found = moved.find(place);
    return found == moved.end() ? place : found->second;
  };
  std::vector<std::uint32_t> drawn;
  drawn.reserve(k);
  for (std::uint32_t i = 0; i < k; ++i) {
    auto j = i + static_cast<std::uint32_t>(next() * static_cast<double>(size - i));
    drawn.push_back(at(j));
    moved[j] = at(i);
  }
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

}  // namespace telegrad::training
