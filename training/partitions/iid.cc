#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

Partition deal(const Value&, std::span<const std::uint32_t> samples, std::span<const std::uint8_t>,
               std::uint32_t workers, Stream& stream) {
  std::vector<std::uint32_t> order(samples.begin(), samples.end());
  shuffle(order, stream);
  Partition parts(workers);
  for (std::size_t i = 0; i < order.size(); ++i) parts[i % workers].push_back(order[i]);
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
