#include <algorithm>
#include <numeric>

#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

Partition deal(const Value& resolved, const Shares& shares, Stream& stream) {
  const std::uint32_t workers = shares.workers;
  std::vector<std::uint32_t> order(shares.samples.begin(), shares.samples.end());
  shuffle(order, stream);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return shares.labels[a] < shares.labels[b]; });
  const std::size_t shards = workers * static_cast<std::size_t>(resolved["shards_per_worker"].integer());
  std::vector<std::size_t> owners(shards);
  std::iota(owners.begin(), owners.end(), std::size_t{0});
  shuffle(owners, stream);
  Partition parts(workers);
  for (std::size_t shard = 0; shard < shards; ++shard) {
    auto from = order.begin() + static_cast<std::ptrdiff_t>(order.size() * shard / shards);
    auto end = order.begin() + static_cast<std::ptrdiff_t>(order.size() * (shard + 1) / shards);
    auto& part = parts[owners[shard] % workers];
    part.insert(part.end(), from, end);
  }
  return parts;
}

}  // namespace

Entry<Divide> label_shards_partition() {
  return {
      {.name = "label_shards",
       .summary = "samples sorted by label are cut into shards, and each worker gets a few",
       .source = "McMahan et al. 2017",
       .parameters = {integer("shards_per_worker", "shards that each worker gets").in(1, 1000).otherwise(2)},
       .example = R"({"type": "label_shards", "shards_per_worker": 2})"},
      deal};
}

}  // namespace telegrad::training
