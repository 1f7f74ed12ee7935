#include "training/datasets/clat_benchmark.h"

#include <cstdint>

namespace telegrad::training {

ClatData clat_data() {
  std::uint64_t state = 12345;
  auto symmetric = [&state] {
    state = 6364136223846793005ULL * state + 1442695040888963407ULL;
    return 2 * (static_cast<double>(state >> 11) * 0x1p-53) - 1;
  };
  ClatData data;
  for (std::size_t row = 0; row < ClatData::kRows; ++row) {
    auto& values = data.rows.emplace_back();
    double sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      values[j] = symmetric() / static_cast<double>(1 + j);
      sum += values[j];
    }
    data.labels.push_back(sum + 0.1 * symmetric() >= 0 ? 1 : -1);
  }
  return data;
}

}  // namespace telegrad::training
