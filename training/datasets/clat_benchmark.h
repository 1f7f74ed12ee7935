#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace telegrad::training {

/// Data of a small logistic regression that any program can make again from one generator of random numbers:
/// s <- 6364136223846793005 s + 1442695040888963407 mod 2^64 from 12345, u = floor(s / 2^11) / 2^53. A row is 50
/// draws a_j = (2u - 1) / (1 + j) and one more: the label is +1 where sum a_j + 0.1 (2u - 1) >= 0, else -1.
struct ClatData {
  static constexpr std::size_t kRows = 200;
  static constexpr std::size_t kFeatures = 50;
  std::vector<std::array<double, kFeatures>> rows;
  std::vector<int> labels;  // -1 or +1
};
ClatData clat_data();

}  // namespace telegrad::training
