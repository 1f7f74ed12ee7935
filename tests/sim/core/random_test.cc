#include "sim/core/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/core/wide.h"

namespace telegrad {
namespace {

// Philox4x32-10, known answers of the Random123 distribution: counter 0, key 0.
TEST(Stream, IsPhilox) {
  Stream stream({.seed = 0, .purpose = Purpose{0}});
  EXPECT_EQ(stream(), 0x6627e8d5u);
  EXPECT_EQ(stream(), 0xe169c58du);
  EXPECT_EQ(stream(), 0xbc57ac4cu);
  EXPECT_EQ(stream(), 0x9b00dbd8u);
}

TEST(Stream, EveryPartOfTheKeyCounts) {
  const StreamKey base{.seed = 1, .purpose = Purpose::batches, .node = 2, .round = 3, .tensor = 4};
  auto first = [](StreamKey key) { return Stream(key)(); };
  StreamKey seed = base, purpose = base, node = base, round = base, tensor = base;
  seed.seed = 1ull << 40;
  purpose.purpose = Purpose::loss;
  node.node = 9;
  round.round = 9;
  tensor.tensor = 9;
  for (const StreamKey& other : {seed, purpose, node, round, tensor}) EXPECT_NE(first(base), first(other));
  EXPECT_EQ(first(base), first(base));
}

TEST(Stream, UniformAndNormalHaveTheirMoments) {
  Stream stream({.seed = 7, .purpose = Purpose::method});
  const int n = 200'000;
  double mean = 0, square = 0, normal_mean = 0, normal_square = 0;
  for (int i = 0; i < n; ++i) {
    double u = stream.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    mean += u / n;
    square += u * u / n;
    double z = stream.normal();
    normal_mean += z / n;
    normal_square += z * z / n;
  }
  EXPECT_NEAR(mean, 0.5, 4 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(square, 1.0 / 3, 4 * std::sqrt(4.0 / 45 / n));
  EXPECT_NEAR(normal_mean, 0.0, 4 * std::sqrt(1.0 / n));
  EXPECT_NEAR(normal_square, 1.0, 4 * std::sqrt(2.0 / n));
}

TEST(Stream, FillsWithWhatItWouldYieldOneByOne) {
  const bool before = wide_registers;
  for (bool wide : {false, before}) {
    wide_registers = wide;
    for (std::size_t drawn : {0, 1, 3, 4}) {
      for (std::size_t size : {0, 1, 5, 15, 16, 17, 1000}) {
        Stream one({.seed = 7, .purpose = Purpose::method, .node = 3}), all = one;
        for (std::size_t i = 0; i < drawn; ++i) EXPECT_EQ(one(), all());
        std::vector<float> numbers(size, 2.0F);
        all.fill_uniform(numbers);
        for (float number : numbers) {
          ASSERT_EQ(number, one.uniform24()) << drawn << " drawn before, " << size;
          ASSERT_LT(number, 1.0F);
        }
        EXPECT_EQ(one(), all());
      }
    }
  }
  wide_registers = before;
}

TEST(Stream, HasUniformsOf24Bits) {
  Stream words({.seed = 7}), numbers = words;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(numbers.uniform24(), static_cast<float>(words() >> 8) / 16777216.0F);
}

TEST(Stream, BelowStaysBelow) {
  Stream stream({.seed = 7, .purpose = Purpose::method});
  std::array<int, 3> counts{};
  for (int i = 0; i < 30'000; ++i) ++counts.at(stream.below(3));
  for (int count : counts) EXPECT_NEAR(count, 10'000, 400);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(stream.below(1), 0u);
}

}  // namespace
}  // namespace telegrad
