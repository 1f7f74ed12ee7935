#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace telegrad::training {

/// How the entries that were chosen travel: as they are, as signs with one scale, or drawn at random without bias.
enum class ClatMode { sparsify, sign, stochastic };

/// What a message of T entries is worth: the decrease of an L-smooth objective that one step of its best length
/// guarantees is efficiency * ||g||^2 / (2 L). One sort of the magnitudes, then each T costs a few operations.
/// (Khirirat, Magnusson, Aytekin, Johansson 2021)
class ClatEfficiency {
 public:
  explicit ClatEfficiency(std::span<const double> g);
  explicit ClatEfficiency(std::span<const float> g);

  /// Entries that are not 0; more are never worth sending.
  std::size_t support() const { return magnitudes_.size(); }
  double squared_norm() const { return squares_.back(); }

  /// The efficiency of T entries, 0 for the zero vector; with `stochastic` T is their expected number.
  double of(ClatMode mode, double entries) const;

  /// alpha(T) = ||g_I||^2 / ||g||^2, I the T largest entries.
  double sparsify(std::size_t entries) const;
  /// beta(T) = ||g_I||_1^2 / (T ||g||^2). Counts zeros where T is beyond the support.
  double sign(std::size_t entries) const;
  /// omega(T) = ||g||^2 / sum g^2 / p, p the probabilities of water filling with the sum T.
  double stochastic(double entries) const;

  /// ||g_I||_1 / T: the magnitude that signs stand for when the step 1 / L is not scaled otherwise.
  double sign_scale(std::size_t entries) const;
  /// ||g_I||_1 / (L T ||g||): the step of signs that stand for ||g||.
  double sign_step(std::size_t entries, double smoothness) const;
  /// Variance of how many entries the probabilities of water filling draw.
  double drawn_variance(double entries) const;

 private:
  void prepare();
  /// How many entries water filling sends for certain.
  std::size_t certain(double entries) const;

  std::vector<double> magnitudes_;    // not 0, largest first
  std::vector<double> sums_;          // [i]: of the i largest
  std::vector<double> squares_;       // [i]: of the i largest
  std::vector<double> tail_sums_;     // [i]: of all but the i largest
  std::vector<double> tail_squares_;  // [i]: of all but the i largest
};

}  // namespace telegrad::training
