#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

Partition deal(const Value&, const Shares& shares, Stream& stream) {
  std::vector<std::uint32_t> order(shares.samples.begin(), shares.samples.end());
  shuffle(order, stream);
  Partition parts(shares.workers);
  for (std::size_t i = 0; i < order.size(); ++i) parts[i % shares.workers].push_back(order[i]);
  return parts;
}

}  // namespace

Entry<Divide> iid_partition() {
  return {{.name = "iid",
           .summary = "samples are shuffled and dealt out evenly",
           .source = "",
           .parameters = {},
           .example = R"({"type": "iid"})"},
          deal};
}

}  // namespace telegrad::training
