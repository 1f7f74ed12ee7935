#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "training/layout.h"

namespace telegrad::training {

/// A tensor as a matrix M (its first dimension x all others) with factors P Q^T of this rank. Factors lie one
/// component behind the other: P as rank x rows, Q as rank x columns.
struct LowRankMatrix {
  std::size_t first = 0;  // of M in the model's vector, row by row
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::uint32_t rank = 0;
  std::size_t left = 0;   // of P in the vector of all left factors
  std::size_t right = 0;  // of Q in that of all right factors

  std::size_t size() const { return std::size_t{rows} * columns; }
};

/// A tensor that travels whole, behind the left factors.
struct WholeTensor {
  std::size_t first = 0;  // in the model's vector
  std::size_t size = 0;
  std::size_t at = 0;  // in the vector of left factors
};

/// What of a layout is sent as factors, and where: tensors of two dimensions and more that have at least
/// `whole_below` coordinates. The rank is at most `rank`, rows and columns.
struct LowRankPlan {
  LowRankPlan(const Layout& layout, std::uint32_t rank, std::size_t whole_below);

  std::vector<LowRankMatrix> matrices;
  std::vector<WholeTensor> whole;
  std::uint32_t left_size = 0;  // with the whole tensors
  std::uint32_t right_size = 0;
};

/// P = M Q. model: [d]; right, left: vectors of all factors.
void left_factor(const LowRankMatrix& m, std::span<const float> model, std::span<const float> right,
                 std::span<float> left);
/// Q = M^T P.
void right_factor(const LowRankMatrix& m, std::span<const float> model, std::span<const float> left,
                  std::span<float> right);
/// M += factor * P Q^T.
void add_product(const LowRankMatrix& m, std::span<const float> left, std::span<const float> right,
                 float factor, std::span<float> model);

/// Makes the columns of P orthonormal by Gram and Schmidt's method. A column of which nothing but rounding is left
/// becomes 0: it spans nothing that the others do not.
void orthonormalise(const LowRankMatrix& m, std::span<float> left);

}  // namespace telegrad::training
