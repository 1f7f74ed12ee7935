#include "training/methods/low_rank.h"

#include <algorithm>
#include <cmath>

namespace telegrad::training {
namespace {

constexpr double kNothingLeft = 1e-5;  // of a column's norm: the rounding of float sums

/// In a fixed order of eight sums, so that it vectorises and never depends on where the rows lie.
float dot(const float* a, const float* b, std::size_t size) {
  constexpr std::size_t kLanes = 8;
  float sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (; i < size; ++i) sum += a[i] * b[i];
  for (float lane : sums) sum += lane;
  return sum;
}

void add(float factor, const float* from, float* into, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) into[i] += factor * from[i];
}

double wide_dot(const float* a, const float* b, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

}  // namespace

LowRankPlan::LowRankPlan(const Layout& layout, std::uint32_t rank, std::size_t whole_below) {
  auto is_matrix = [whole_below](const TensorPlace& tensor) {
    return tensor.size > 0 && tensor.shape.size() > 1 && static_cast<std::size_t>(tensor.size) >= whole_below;
  };
  for (const TensorPlace& tensor : layout.tensors()) {
    if (!is_matrix(tensor)) continue;
    LowRankMatrix m;
    m.first = static_cast<std::size_t>(tensor.offset);
    m.rows = static_cast<std::uint32_t>(tensor.shape.front());
    m.columns = static_cast<std::uint32_t>(tensor.size / tensor.shape.front());
    m.rank = std::min({rank, m.rows, m.columns});
    m.left = left_size;
    m.right = right_size;
    left_size += m.rank * m.rows;
    right_size += m.rank * m.columns;
    matrices.push_back(m);
  }
  for (const TensorPlace& tensor : layout.tensors()) {
    if (is_matrix(tensor)) continue;
    whole.push_back(
        {static_cast<std::size_t>(tensor.offset), static_cast<std::size_t>(tensor.size), left_size});
    left_size += static_cast<std::uint32_t>(tensor.size);
  }
}

void left_factor(const LowRankMatrix& m, std::span<const float> model, std::span<const float> right,
                 std::span<float> left) {
  for (std::uint32_t row = 0; row < m.rows; ++row) {
    const float* entries = &model[m.first + std::size_t{row} * m.columns];
    for (std::uint32_t c = 0; c < m.rank; ++c) {
      left[m.left + std::size_t{c} * m.rows + row] =
          dot(entries, &right[m.right + std::size_t{c} * m.columns], m.columns);
    }
  }
}

void right_factor(const LowRankMatrix& m, std::span<const float> model, std::span<const float> left,
                  std::span<float> right) {
  std::fill_n(&right[m.right], std::size_t{m.rank} * m.columns, 0.0F);
  for (std::uint32_t row = 0; row < m.rows; ++row) {
    const float* entries = &model[m.first + std::size_t{row} * m.columns];
    for (std::uint32_t c = 0; c < m.rank; ++c) {
      add(left[m.left + std::size_t{c} * m.rows + row], entries, &right[m.right + std::size_t{c} * m.columns],
          m.columns);
    }
  }
}

void add_product(const LowRankMatrix& m, std::span<const float> left, std::span<const float> right,
                 float factor, std::span<float> model) {
  for (std::uint32_t row = 0; row < m.rows; ++row) {
    float* entries = &model[m.first + std::size_t{row} * m.columns];
    for (std::uint32_t c = 0; c < m.rank; ++c) {
      add(factor * left[m.left + std::size_t{c} * m.rows + row], &right[m.right + std::size_t{c} * m.columns],
          entries, m.columns);
    }
  }
}

void orthonormalise(const LowRankMatrix& m, std::span<float> left) {
  auto column = [&](std::uint32_t c) { return &left[m.left + std::size_t{c} * m.rows]; };
  for (std::uint32_t c = 0; c < m.rank; ++c) {
    float* mine = column(c);
    const double before = std::sqrt(wide_dot(mine, mine, m.rows));
    for (int pass = 0; pass < 2; ++pass) {  // once leaves what rounding of the first pass brought in
      for (std::uint32_t b = 0; b < c; ++b) {
        add(-static_cast<float>(wide_dot(mine, column(b), m.rows)), column(b), mine, m.rows);
      }
    }
    const double after = std::sqrt(wide_dot(mine, mine, m.rows));
    const bool nothing = !(after > kNothingLeft * before);
    for (std::uint32_t i = 0; i < m.rows; ++i) {
      mine[i] = nothing ? 0.0F : static_cast<float>(mine[i] / after);
    }
  }
}

}  // namespace telegrad::training
