#include "training/kernels/select_sampled.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/training/kernels/vectors.h"
#include "training/kernels/reference.h"

namespace telegrad::training::kernels {
namespace {

using namespace testing_support;
using Indices = std::vector<std::uint32_t>;

Indices sampled(const std::vector<float>& values, std::size_t k, std::size_t start = 0) {
  static std::vector<std::uint64_t> scratch;
  Indices chosen{7};
  EXPECT_TRUE(select_sampled(values, k, start, scratch, chosen));
  return chosen;
}

TEST(SelectSampled, AlwaysFindsTheLargestAndNeverMoreThanK) {
  std::vector<Vector> all = vectors();
  for (Vector& vector : vectors_of(70'000)) all.push_back(std::move(vector));
  for (const auto& [name, values] : all) {
    const std::size_t n = values.size();
    for (std::size_t k : {std::size_t{0}, std::size_t{1}, n / 100, n / 10, n / 2, n, n + 3}) {
      for (std::size_t start : {0, 5}) {
        const Indices chosen = sampled(values, k, start);
        EXPECT_LE(chosen.size(), k);
        EXPECT_EQ(chosen, reference::select_largest(values, chosen.size())) << name << ", k = " << k;
      }
    }
  }
}

TEST(SelectSampled, FindsMostOfWhatItIsToFind) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto values = normal_vector(100'000, seed);
    EXPECT_GE(sampled(values, 1000, seed).size(), 800U);
  }
}

/// Of 100,000 entries every 99th is looked at; eleven of those are large, all others are this.
std::vector<float> misleading(float others) {
  std::vector<float> values(100'000, others);
  for (std::size_t i = 0; i < 11; ++i) values[99 * i] = 8;
  return values;
}

TEST(SelectSampled, LowersAThresholdThatTooFewReach) {
  EXPECT_EQ(sampled(misleading(5), 1000), reference::select_largest(misleading(5), 1000));
}

TEST(SelectSampled, GivesUpAfterTenTimes) {
  EXPECT_EQ(sampled(misleading(0.9F), 1000).size(), 1000U);  // 8 * 0.8^10 = 0.859
  EXPECT_EQ(sampled(misleading(0.8F), 1000).size(), 11U);
}

TEST(SelectSampled, LooksElsewhereWithAnotherStart) {
  EXPECT_EQ(sampled(misleading(0.8F), 1000, 1).size(), 1000U);
}

TEST(SelectSampled, TakesAnOddStrideAndOneHundredthOrTwoForEachThatIsSought) {
  EXPECT_EQ(sample_stride(1'000'000, 10'000), 99U);
  EXPECT_EQ(sample_stride(1'000'000, 100), 49U);  // 20,000 samples
  EXPECT_EQ(sample_stride(1'000'000, 1), 1U);     // all
  EXPECT_EQ(sample_stride(100, 100), 1U);
  EXPECT_EQ(sample_stride(0, 5), 1U);
}

TEST(SelectSampled, RefusesWhatIsNotFinite) {
  std::vector<std::uint64_t> scratch;
  for (std::size_t place : {std::size_t{0}, std::size_t{1}, std::size_t{99}}) {  // looked at, and not
    for (float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
      std::vector<float> values(100'000, 1.0F);
      values[place] = bad;
      Indices chosen{7};
      EXPECT_FALSE(select_sampled(values, 1000, 0, scratch, chosen));
      EXPECT_TRUE(chosen.empty());
    }
  }
}

}  // namespace
}  // namespace telegrad::training::kernels
