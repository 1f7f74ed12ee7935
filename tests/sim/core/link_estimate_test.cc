#include "sim/core/link_estimate.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

TEST(LinkEstimateTest, IsTheLineThroughWhatWasSeen) {
  LinkEstimate link;
  EXPECT_FALSE(link.known());
  for (double bytes : {1000.0, 20.0, 300.0, 5000.0}) link.add(bytes, 0.003 + 2e-6 * bytes);
  EXPECT_TRUE(link.known());
  EXPECT_NEAR(link.latency(), 0.003, 1e-9);
  EXPECT_NEAR(link.per_byte(), 2e-6, 1e-12);
  EXPECT_NEAR(link.seconds(1e6), 2.003, 1e-6);
}

TEST(LinkEstimateTest, NeedsTwoSizes) {
  LinkEstimate link;
  for (int i = 0; i < 5; ++i) link.add(100, 0.5);
  EXPECT_FALSE(link.known());
  EXPECT_NEAR(link.seconds(100), 0.5, 1e-12);
  link.add(200, 0.5);
  EXPECT_TRUE(link.known());
}

TEST(LinkEstimateTest, NeverPromisesTimeBack) {
  LinkEstimate larger_is_faster;
  larger_is_faster.add(100, 2);
  larger_is_faster.add(1000, 1);
  EXPECT_EQ(larger_is_faster.per_byte(), 0);
  EXPECT_GT(larger_is_faster.latency(), 0);
  LinkEstimate steep;
  steep.add(100, 0.001);
  steep.add(1000, 1);
  EXPECT_EQ(steep.latency(), 0);
  EXPECT_GT(steep.per_byte(), 0);
}

TEST(LinkEstimateTest, FollowsALinkThatChanges) {
  LinkEstimate link;
  for (int i = 0; i < 50; ++i) link.add(100 + 10 * (i % 7), 0.001);
  for (int i = 0; i < 200; ++i) link.add(100 + 10 * (i % 7), 0.1);
  EXPECT_NEAR(link.seconds(100), 0.1, 1e-3);
}

/// A size that stays the same for long takes nothing away from the slope.
TEST(LinkEstimateTest, KeepsItsSlopeWhereSizesSettle) {
  LinkEstimate link;
  link.add(10000, 0.021);
  link.add(20, 0.00104);
  for (int i = 0; i < 1000; ++i) link.add(500, 0.002);
  EXPECT_NEAR(link.per_byte(), 2e-6, 1e-8);
  EXPECT_NEAR(link.seconds(500), 0.002, 1e-6);
}

}  // namespace
}  // namespace telegrad
