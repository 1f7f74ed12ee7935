#include "training/partitions/dirichlet_draw.h"

#include <algorithm>
#include <cmath>

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

}  // namespace

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

std::vector<std::size_t> cut(std::size_t count, const std::vector<double>& shares) {
  std::vector<std::size_t> parts;
  double reached = 0;
  std::size_t from = 0;
  for (double share : shares) {
    reached += share;
    auto end = static_cast<std::size_t>(std::llround(reached * static_cast<double>(count)));
    end = parts.size() + 1 == shares.size() ? count : std::clamp(end, from, count);
    parts.push_back(end - from);
    from = end;
  }
  return parts;
}

}  // namespace telegrad::training
