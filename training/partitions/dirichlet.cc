#include <algorithm>
#include <cmath>

#include "training/partitions/partition.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

/// The logarithm of a gamma variate of this shape and scale 1, also where the variate underflows
/// (Marsaglia and Tsang 2000).
double log_gamma_variate(double shape, Stream& stream) {
  if (shape < 1) return log_gamma_variate(shape + 1, stream) + std::log(1 - stream.uniform()) / shape;
  double d = shape - 1.0 / 3;
  double c = 1 / std::sqrt(9 * d);
  for (;;) {
    double x = stream.normal();
    double v = 1 + c * x;
    if (v <= 0) continue;
    v = v * v * v;
    double u = 1 - stream.uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

std::vector<double> dirichlet(double alpha, std::uint32_t workers, Stream& stream) {
  std::vector<double> shares(workers);
  for (double& share : shares) share = log_gamma_variate(alpha, stream);
  double most = *std::max_element(shares.begin(), shares.end());
  double sum = 0;
  for (double& share : shares) {
    share = std::exp(share - most);
    sum += share;
  }
  for (double& share : shares) share /= sum;
  return shares;
}

Partition deal(const Value& resolved, std::span<const std::uint32_t> samples,
               std::span<const std::uint8_t> labels, std::uint32_t workers, Stream& stream) {
  std::vector<std::vector<std::uint32_t>> by_label(256);
  for (std::uint32_t sample : samples) by_label[labels[sample]].push_back(sample);
  Partition parts(workers);
  for (auto& group : by_label) {
    if (group.empty()) continue;
    shuffle(group, stream);
    auto shares = dirichlet(resolved["alpha"].number(), workers, stream);
    double reached = 0;
    std::size_t from = 0;
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      reached += shares[worker];
      auto end = static_cast<std::size_t>(std::llround(reached * static_cast<double>(group.size())));
      end = worker + 1 == workers ? group.size() : std::clamp(end, from, group.size());
      parts[worker].insert(parts[worker].end(), group.begin() + static_cast<std::ptrdiff_t>(from),
                           group.begin() + static_cast<std::ptrdiff_t>(end));
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
