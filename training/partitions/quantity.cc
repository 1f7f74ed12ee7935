#include "training/partitions/dirichlet_draw.h"
#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

Partition deal(const Value& resolved, const Shares& shares, Stream& stream) {
  std::vector<std::uint32_t> order(shares.samples.begin(), shares.samples.end());
  shuffle(order, stream);
  const auto sizes = cut(order.size(), dirichlet(resolved["alpha"].number(), shares.workers, stream));
  Partition parts;
  auto from = order.begin();
  for (std::size_t size : sizes) {
    const auto end = from + static_cast<std::ptrdiff_t>(size);
    parts.emplace_back(from, end);
    from = end;
  }
  return parts;
}

}  // namespace

Entry<Divide> quantity_partition() {
  return {
      {.name = "quantity",
       .summary = "all workers see the same labels, some see many samples and some few, by a Dirichlet draw",
       .source = "Li, Diao, Chen, He 2022",
       .parameters = {real("alpha", "concentration; 0.1 is very uneven, 100 nearly even")
                          .in(0.001, 1e6)
                          .otherwise(0.5)},
       .example = R"({"type": "quantity", "alpha": 0.5})"},
      deal};
}

}  // namespace telegrad::training
