#include "training/methods/probabilities.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace telegrad::training {
namespace {

/// |g|, largest first.
std::vector<double> sorted_magnitudes(std::span<const double> g) {
  std::vector<double> sorted;
  for (double value : g) {
    if (value != 0) sorted.push_back(std::fabs(value));
  }
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  return sorted;
}

}  // namespace

std::vector<double> water_filling(std::span<const double> g, double budget) {
  const std::vector<double> sorted = sorted_magnitudes(g);
  std::vector<double> p(g.size(), 0.0);
  if (budget >= static_cast<double>(sorted.size())) {
    for (std::size_t i = 0; i < g.size(); ++i) p[i] = g[i] != 0 ? 1.0 : 0.0;
    return p;
  }
  double rest = 0;
  for (double value : sorted) rest += value;
  // The least m with (budget - m) |g_(m+1)| <= sum of the magnitudes from there on.
  std::size_t certain = 0;
  while (certain < sorted.size() && (budget - static_cast<double>(certain)) * sorted[certain] > rest) {
    rest -= sorted[certain++];
  }
  const double share = (budget - static_cast<double>(certain)) / rest;
  for (std::size_t i = 0; i < g.size(); ++i) p[i] = std::min(1.0, share * std::fabs(g[i]));
  return p;
}

Wangni wangni_exact(std::span<const double> g, double epsilon) {
  const std::vector<double> sorted = sorted_magnitudes(g);
  Wangni result{std::vector<double>(g.size(), 0.0), 0};
  double sum = 0;
  double squares = 0;
  for (double value : sorted) {
    sum += value;
    squares += value * value;
  }
  if (sum == 0) return result;
  const double allowed = epsilon * squares;
  // The least m with |g_(m+1)| R1 <= epsilon ||g||^2 + R2, R1 and R2 the sums over the entries behind the m-th.
  for (double value : sorted) {
    if (value * sum <= allowed + squares) break;
    sum -= value;
    squares -= value * value;
  }
  result.lambda = sum / (allowed + squares);
  for (std::size_t i = 0; i < g.size(); ++i) result.p[i] = std::min(1.0, result.lambda * std::fabs(g[i]));
  return result;
}

Wangni wangni_greedy(std::span<const double> g, double density, int rounds) {
  Wangni result{std::vector<double>(g.size(), 0.0), 0};
  double sum = 0;
  for (double value : g) sum += std::fabs(value);
  if (sum == 0) return result;
  const auto size = static_cast<double>(g.size());
  result.lambda = density * size / sum;
  auto refill = [&] {
    for (std::size_t i = 0; i < g.size(); ++i) result.p[i] = std::min(result.lambda * std::fabs(g[i]), 1.0);
  };
  refill();
  for (int round = 0; round < rounds; ++round) {
    double below = 0;
    double mass = 0;
    for (double p : result.p) {
      if (p >= 1) continue;
      ++below;
      mass += p;
    }
    const double factor = mass > 0 ? (density * size - size + below) / mass : 1;
    if (factor <= 1) break;
    result.lambda *= factor;
    refill();
  }
  return result;
}

}  // namespace telegrad::training
