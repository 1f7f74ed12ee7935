#include "training/partitions/partition.h"

#include <algorithm>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

/// Takes samples of any label from whoever has most, so that nobody starves.
void feed_the_poor(Partition& parts, std::uint64_t least, Stream& stream) {
  auto poorer = [](const auto& a, const auto& b) { return a.size() < b.size(); };
  for (auto& part : parts) {
    while (part.size() < least) {
      auto richest = std::max_element(parts.begin(), parts.end(), poorer);
      std::swap((*richest)[stream.below(richest->size())], richest->back());
      part.push_back(richest->back());
      richest->pop_back();
    }
  }
}

}  // namespace

Partition divide(const Value& resolved, const Shares& shares, std::uint64_t seed) {
  if (shares.samples.size() < shares.workers * shares.least) {
    throw ScenarioError(
        "", {{"/training/batch_size_per_worker", 0, 0,
              std::to_string(shares.workers) + " workers need one batch of " + std::to_string(shares.least) +
                  " samples each, there are " + std::to_string(shares.samples.size()),
              "lower it, or the number of workers"}});
  }
  Stream stream(StreamKey{.seed = seed, .purpose = Purpose::partition});
  Partition parts = partitions().make(resolved, shares, stream);
  feed_the_poor(parts, shares.least, stream);
  for (auto& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

}  // namespace telegrad::training
