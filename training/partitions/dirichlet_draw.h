#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/random.h"

namespace telegrad::training {

/// Shares of all workers, which add up to 1, from a symmetric Dirichlet distribution. alpha > 0, however small.
std::vector<double> dirichlet(double alpha, std::uint32_t workers, Stream& stream);

/// `count` cut by shares into whole numbers that add up to it, each within 1 of its share.
std::vector<std::size_t> cut(std::size_t count, const std::vector<double>& shares);

}  // namespace telegrad::training
