#include "training/methods/factor_mean.h"

#include <algorithm>

#include "sim/core/errors.h"

namespace telegrad::training {

FactorMean::FactorMean(std::span<const codecs::Matrix> matrices, std::size_t size)
    : matrices_(matrices), sum_(size), weight_(size), arrived_(size) {}

void FactorMean::add(const Payload& payload) {
  std::fill(arrived_.begin(), arrived_.end(), 0);
  std::vector<std::uint32_t> terms(matrices_.size());  // that the worker sent
  codecs::FactorView view;
  for (const Block& block : payload.blocks()) {
    if (block.lost) continue;
    const auto error = codecs::open_factors(block.bytes(), matrices_, view);
    if (error != codecs::DecodeError::none) {
      throw RunError(Failure::bad_data,
                     std::string("a block of factors cannot be decoded: ") + codecs::to_string(error));
    }
    codecs::add_factors(view, sum_, 1.0F);
    terms[view.header.unit] = std::max(view.of, 1U);
    mark(view);
  }
  for (std::size_t m = 0; m < matrices_.size(); ++m) {
    if (terms[m] == 0) continue;
    const auto of = static_cast<float>(terms[m]);
    for (std::size_t i = matrices_[m].first; i < matrices_[m].first + matrices_[m].size; ++i) {
      weight_[i] += static_cast<float>(arrived_[i]) / of;
    }
  }
}

std::vector<float> FactorMean::mean() && {
  for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] = weight_[i] > 0 ? sum_[i] / weight_[i] : 0.0F;
  return std::move(sum_);
}

/// A block without terms says that all of the matrix is 0.
void FactorMean::mark(const codecs::FactorView& view) {
  const std::uint32_t terms = std::max(view.terms, 1U);
  for (std::uint32_t r = view.row; r < view.row + view.rows; ++r) {
    const std::uint64_t from = std::uint64_t{r} * view.matrix.columns + view.column;
    const std::uint64_t to = std::min<std::uint64_t>(from + view.columns, view.matrix.size);
    for (std::uint64_t i = from; i < to; ++i) arrived_[view.matrix.first + i] += terms;
  }
}

}  // namespace telegrad::training
