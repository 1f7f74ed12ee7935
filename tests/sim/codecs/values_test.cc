#include "sim/codecs/values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace telegrad::codecs {
namespace {

TEST(Half, EveryFiniteHalfSurvivesARoundTrip) {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    auto half = static_cast<std::uint16_t>(bits);
    float value = from_half(half);
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(to_half(value), half) << bits;
  }
}

TEST(Half, RoundsToNearestAndTiesToEven) {
  EXPECT_EQ(from_half(to_half(1.0F + 0x1p-11F)), 1.0F);                // half way, the lower is even
  EXPECT_EQ(from_half(to_half(1.0F + 0x1.8p-10F)), 1.0F + 0x1p-9F);    // half way, the upper is even
  EXPECT_EQ(from_half(to_half(1.0F + 0x1.01p-11F)), 1.0F + 0x1p-10F);  // just above half way
  EXPECT_EQ(from_half(to_half(0x1p-25F)), 0.0F);                       // half of the smallest, even is zero
  EXPECT_EQ(from_half(to_half(0x1.8p-25F)), 0x1p-24F);
}

TEST(Half, SaturatesAtTheLargestFiniteValue) {
  EXPECT_EQ(from_half(to_half(65504.0F)), 65504.0F);
  EXPECT_EQ(from_half(to_half(1e30F)), 65504.0F);
  EXPECT_EQ(from_half(to_half(-std::numeric_limits<float>::infinity())), -65504.0F);
  EXPECT_TRUE(std::isnan(from_half(to_half(std::numeric_limits<float>::quiet_NaN()))));
}

}  // namespace
}  // namespace telegrad::codecs
