#pragma once

// Methods that contract, by what they promise, and vectors to try them on.

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/payloads.h"
#include "tests/support/trainings.h"

namespace telegrad::testing_support {

using Vector = std::vector<float>;

inline constexpr std::size_t kDimension = 64;

inline training::Layout vector_of(std::size_t size) {
  training::Layout layout;
  layout.add("x", {static_cast<std::int64_t>(size)}, 0);
  return layout;
}

inline double squares(const Vector& x) {
  double sum = 0;
  for (float value : x) sum += double{value} * value;
  return sum;
}
inline double distance(const Vector& x, const Vector& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(double{x[i]} - y[i], 2);
  return sum;
}

/// ||x||_1^2 / (d ||x||^2).
inline double phi(const Vector& x) {
  double sum = 0;
  for (float value : x) sum += std::fabs(value);
  return squares(x) == 0 ? 1 : sum * sum / (squares(x) * static_cast<double>(x.size()));
}
/// Of the squares those of entries of at least this magnitude.
inline double share_above(const Vector& x, float least) {
  double sum = 0;
  for (float value : x) sum += std::fabs(value) >= least ? double{value} * value : 0;
  return squares(x) == 0 ? 0 : sum / squares(x);
}
/// What the means of the entries of either sign explain.
inline double explained(const Vector& x) {
  double sums[2] = {0, 0}, counts[2] = {0, 0};
  for (float value : x) {
    sums[value < 0 ? 1 : 0] += value;
    ++counts[value < 0 ? 1 : 0];
  }
  double all = 0;
  for (int side : {0, 1}) all += counts[side] > 0 ? sums[side] * sums[side] / counts[side] : 0;
  return all / squares(x);
}

struct Contraction {
  std::string json;
  std::function<double(const Vector&)> delta;  // promised for every vector, or exact where it depends on it
};

inline std::vector<Contraction> contractions() {
  auto fixed = [](double delta) { return [delta](const Vector&) { return delta; }; };
  return {
      {R"({"type": "top_k", "k": 8})", fixed(8.0 / 64)},
      {R"({"type": "top_k", "ratio": 0.1, "bucket": 16})", fixed(2.0 / 16)},
      {R"({"type": "dgc", "ratio": 0.1, "whole_below": 0})", fixed(6.0 / 64)},
      {R"({"type": "threshold", "threshold": 0.5})", [](const Vector& x) { return share_above(x, 0.5F); }},
      {R"({"type": "scaled_sign"})", phi},
      {R"({"type": "one_bit", "granularity": "model"})", explained},
      {R"({"type": "natural"})", fixed(0)},
      {R"({"type": "rand_k", "k": 8})", fixed(0)},
      {R"({"type": "clat", "cost": {"model": "affine", "c0": 100}})", fixed(1.0 / 64)},
      {R"({"type": "clat", "mode": "sign", "cost": {"model": "affine", "c0": 100}})", fixed(1.0 / 64)}};
}

/// Random, one-hot, constant, geometric.
inline std::vector<Vector> vectors() {
  std::vector<Vector> all{normal_gradient(1, kDimension), Vector(kDimension, 2.0F), Vector(kDimension)};
  all[2][7] = -3;
  all.emplace_back();
  for (std::size_t i = 0; i < kDimension; ++i) all[3].push_back(std::pow(-0.8F, static_cast<float>(i)));
  return all;
}

/// What it makes of a vector in its first round.
inline Vector sent(const std::string& json, const Vector& x) {
  const training::Layout layout = vector_of(x.size());
  auto method = compressor(json, layout);
  return decoded(method->encode(x, training::Step{.round = 1}, Cut{}), *method, x.size());
}

}  // namespace telegrad::testing_support
