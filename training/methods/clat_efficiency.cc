#include "training/methods/clat_efficiency.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace telegrad::training {

ClatEfficiency::ClatEfficiency(std::span<const double> g) {
  for (double value : g) {
    if (value != 0) magnitudes_.push_back(std::fabs(value));
  }
  prepare();
}

ClatEfficiency::ClatEfficiency(std::span<const float> g) {
  for (float value : g) {
    if (value != 0) magnitudes_.push_back(std::fabs(static_cast<double>(value)));
  }
  prepare();
}

void ClatEfficiency::prepare() {
  std::sort(magnitudes_.begin(), magnitudes_.end(), std::greater<>());
  const std::size_t size = magnitudes_.size();
  sums_.assign(size + 1, 0.0);
  squares_.assign(size + 1, 0.0);
  tail_sums_.assign(size + 1, 0.0);
  tail_squares_.assign(size + 1, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    sums_[i + 1] = sums_[i] + magnitudes_[i];
    squares_[i + 1] = squares_[i] + magnitudes_[i] * magnitudes_[i];
  }
  // Summed from the smallest: differences of the sums above would lose the small tails.
  for (std::size_t i = size; i-- > 0;) {
    tail_sums_[i] = tail_sums_[i + 1] + magnitudes_[i];
    tail_squares_[i] = tail_squares_[i + 1] + magnitudes_[i] * magnitudes_[i];
  }
}

double ClatEfficiency::of(ClatMode mode, double entries) const {
  if (mode == ClatMode::stochastic) return stochastic(entries);
  const auto whole = static_cast<std::size_t>(entries);
  return mode == ClatMode::sign ? sign(whole) : sparsify(whole);
}

double ClatEfficiency::sparsify(std::size_t entries) const {
  if (magnitudes_.empty()) return 0;
  return squares_[std::min(entries, support())] / squared_norm();
}

double ClatEfficiency::sign(std::size_t entries) const {
  if (magnitudes_.empty() || entries == 0) return 0;
  const double sum = sums_[std::min(entries, support())];
  return sum * sum / (static_cast<double>(entries) * squared_norm());
}

std::size_t ClatEfficiency::certain(double entries) const {
  // The least m with (T - m) |g_(m+1)| <= the tail from there on. The difference of the two rises with m up to T, and
  // at m = floor(T) the inequality holds.
  std::size_t low = 0;
  auto high = std::min(static_cast<std::size_t>(entries), support());
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const bool enough = (entries - static_cast<double>(middle)) * magnitudes_[middle] <= tail_sums_[middle];
    if (enough) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

double ClatEfficiency::stochastic(double entries) const {
  if (magnitudes_.empty() || entries <= 0) return 0;
  if (entries >= static_cast<double>(support())) return 1;
  const std::size_t sure = certain(entries);
  const double rest = tail_sums_[sure];
  const double left = entries - static_cast<double>(sure);
  const double second_moment = squares_[sure] + (left > 0 ? rest * rest / left : 0.0);
  return squared_norm() / second_moment;
}

double ClatEfficiency::drawn_variance(double entries) const {
  if (entries <= 0 || entries >= static_cast<double>(support())) return 0;
  const std::size_t sure = certain(entries);
  const double left = entries - static_cast<double>(sure);
  const double share = left / tail_sums_[sure];
  return std::max(0.0, left - share * share * tail_squares_[sure]);
}

double ClatEfficiency::sign_scale(std::size_t entries) const {
  if (entries == 0) return 0;
  return sums_[std::min(entries, support())] / static_cast<double>(entries);
}

double ClatEfficiency::sign_step(std::size_t entries, double smoothness) const {
  if (magnitudes_.empty()) return 0;
  return sign_scale(entries) / (smoothness * std::sqrt(squared_norm()));
}

}  // namespace telegrad::training
