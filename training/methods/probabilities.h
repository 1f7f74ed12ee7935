#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training {

/// The probabilities p that minimise sum g^2 / p under sum p = budget, p <= 1: proportional to |g|, capped, "water
/// filling". 1 on all entries that are not 0 where the budget reaches their number. (Wang et al. 2018; the
/// stochastic sparsification of Khirirat et al. 2021)
std::vector<double> water_filling(std::span<const double> g, double budget);

/// p = min(lambda |g|, 1) with the least sum under sum g^2 / p <= (1 + epsilon) ||g||^2 (Wangni et al. 2018).
struct Wangni {
  std::vector<double> p;
  double lambda = 0;
};
Wangni wangni_exact(std::span<const double> g, double epsilon);
/// p = min(density d |g| / ||g||_1, 1), then the mass that the cap took is spread, `rounds` times.
Wangni wangni_greedy(std::span<const double> g, double density, int rounds = 2);

}  // namespace telegrad::training
