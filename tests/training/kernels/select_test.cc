#include "training/kernels/select.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/training/kernels/vectors.h"
#include "training/kernels/reference.h"
#include "training/kernels/threshold.h"

namespace telegrad::training::kernels {
namespace {

using namespace testing_support;
using Indices = std::vector<std::uint32_t>;

Indices largest(const std::vector<float>& values, std::size_t k) {
  static std::vector<std::uint64_t> scratch;  // kept from call to call, as a compressor does
  Indices chosen{7};
  EXPECT_TRUE(select_largest(values, k, scratch, chosen));
  return chosen;
}

Indices largest_sum(std::vector<float> residual, const std::vector<float>& gradient, std::size_t k) {
  std::vector<std::uint64_t> scratch;
  Indices chosen;
  std::vector<float> sum(residual);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += gradient[i];
  EXPECT_TRUE(add_and_select(residual, gradient, k, scratch, chosen));
  EXPECT_EQ(residual, sum);
  return chosen;
}

TEST(SelectLargest, AgreesWithAFullSortAlsoWithTies) {
  std::vector<Vector> all = vectors();
  for (Vector& vector : vectors_of(70'000)) all.push_back(std::move(vector));  // sampled
  for (bool wide : {false, true}) {
    Registers registers(wide);
    for (const auto& [name, values] : all) {
      std::size_t n = values.size();
      for (std::size_t k : {std::size_t{0}, std::size_t{1}, n / 100, n / 10, n / 2, n, n + 3}) {
        EXPECT_EQ(largest(values, k), reference::select_largest(values, k)) << name << ", k = " << k;
      }
    }
  }
}

TEST(SelectLargest, AddsTheGradientInTheSamePass) {
  for (bool wide : {false, true}) {
    Registers registers(wide);
    for (std::size_t n : {0, 1, 7, 8, 63, 1000, 10'001}) {
      std::vector<float> residual = normal_vector(n, 8), gradient = normal_vector(n, 9), sum(residual);
      for (std::size_t i = 0; i < n; ++i) sum[i] += gradient[i];
      for (std::size_t k : {std::size_t{1}, n / 100, n / 2, n}) {
        EXPECT_EQ(largest_sum(residual, gradient, k), reference::select_largest(sum, k))
            << n << ", k = " << k;
      }
    }
  }
}

TEST(SelectLargest, IsExactAlsoWhereASampleMisleads) {
  constexpr std::size_t kSize = 80'000, kStride = 8;
  std::vector<float> high = normal_vector(kSize), low = high;
  for (std::size_t i = 0; i < kSize / kStride; ++i) {
    high[sampled_place(i, kStride)] *= 1e3F;  // the guess is too high: fewer than k reach it
    low[sampled_place(i, kStride)] *= 1e-3F;  // too low: more than there is room for
  }
  std::vector<float> zeros(kSize);
  zeros[1] = 1.0F;
  for (const std::vector<float>& values : {high, low, zeros}) {
    for (std::size_t k : {10, 800, 8000, 12'000, 20'000}) {
      EXPECT_EQ(largest(values, k), reference::select_largest(values, k)) << k;
    }
  }
}

TEST(SelectLargest, RefusesWhatIsNotFinite) {
  std::vector<std::uint64_t> scratch;
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                    -std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::quiet_NaN()}) {
    for (std::size_t n : {1, 3, 100, 5000, 50'000}) {
      for (std::size_t place : {std::size_t{0}, n / 2, n - 1}) {
        std::vector<float> values = normal_vector(n), zeros(n);
        values[place] = bad;
        Indices chosen{7};
        EXPECT_FALSE(select_largest(values, n / 50 + 1, scratch, chosen)) << n;
        EXPECT_TRUE(chosen.empty());
        EXPECT_FALSE(add_and_select(zeros, values, n / 50 + 1, scratch, chosen)) << n;
        EXPECT_FALSE(select_largest(values, n, scratch, chosen)) << n;
      }
    }
  }
}

TEST(SelectLargest, RefusesASumThatOverflows) {
  std::vector<float> residual{1, 3e38F, 2}, gradient{1, 3e38F, 2};
  std::vector<std::uint64_t> scratch;
  Indices chosen;
  EXPECT_FALSE(add_and_select(residual, gradient, 1, scratch, chosen));
  EXPECT_EQ(residual[2], 4.0F);
}

}  // namespace
}  // namespace telegrad::training::kernels
