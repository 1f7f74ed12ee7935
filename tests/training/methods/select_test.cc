#include "training/methods/select.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

namespace telegrad::training {
namespace {

using Indices = std::vector<std::uint32_t>;

Indices largest(const std::vector<float>& values, std::size_t k) {
  std::vector<std::uint64_t> scratch;
  Indices chosen;
  EXPECT_TRUE(select_largest(values, k, scratch, chosen));
  return chosen;
}

TEST(SelectLargest, AgreesWithAFullSortAlsoWithTies) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<float> values(1 + random() % 300);
    for (float& value : values) value = static_cast<float>(static_cast<int>(random() % 21) - 10);
    std::size_t k = 1 + random() % (values.size() + 3);
    Indices order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return std::abs(values[a]) > std::abs(values[b]); });
    order.resize(std::min(k, values.size()));
    std::sort(order.begin(), order.end());
    EXPECT_EQ(largest(values, k), order);
  }
}

TEST(SelectLargest, RefusesWhatIsNotFinite) {
  std::vector<std::uint64_t> scratch;
  Indices chosen;
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                    -std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::quiet_NaN()}) {
    std::vector<float> values{1, bad, 2};
    EXPECT_FALSE(select_largest(values, 1, scratch, chosen));
    EXPECT_TRUE(chosen.empty());
  }
}

}  // namespace
}  // namespace telegrad::training
