#include "training/partitions/dirichlet_draw.h"
#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

Partition deal(const Value& resolved, const Shares& shares, Stream& stream) {
  const std::uint32_t workers = shares.workers;
  std::vector<std::vector<std::uint32_t>> by_label;
  for (std::uint32_t sample : shares.samples) {
    const Label label = shares.labels[sample];
    if (label >= by_label.size()) by_label.resize(label + 1U);
    by_label[label].push_back(sample);
  }
  Partition parts(workers);
  for (auto& group : by_label) {
    if (group.empty()) continue;
    shuffle(group, stream);
    const auto parts_of = cut(group.size(), dirichlet(resolved["alpha"].number(), workers, stream));
    auto from = group.begin();
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      const auto end = from + static_cast<std::ptrdiff_t>(parts_of[worker]);
      parts[worker].insert(parts[worker].end(), from, end);
      from = end;
    }
  }
  return parts;
}

}  // namespace

Entry<Divide> dirichlet_partition() {
  return {
      {.name = "dirichlet",
       .summary =
           "each label is shared out by a Dirichlet draw: the smaller alpha, the more unlike the workers",
       .source = "Hsu, Qi, Brown 2019",
       .parameters =
           {real("alpha", "concentration; 0.1 is very uneven, 100 nearly iid").in(0.001, 1e6).otherwise(0.5)},
       .example = R"({"type": "dirichlet", "alpha": 0.5})"},
      deal};
}

}  // namespace telegrad::training
