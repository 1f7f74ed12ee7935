#include "sim/core/shared_time.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

using std::chrono::nanoseconds;

TEST(SharedTime, TwoUnderWayGetHalfOfItEach) {
  SharedTime time(SharedTime::Medium::shared);
  double first = time.join(nanoseconds(100));
  double second = time.join(nanoseconds(200));
  EXPECT_DOUBLE_EQ(time.leave(nanoseconds(400)) - first, 200);   // 100 alone, 200 in two
  EXPECT_DOUBLE_EQ(time.leave(nanoseconds(450)) - second, 150);  // 200 in two, 50 alone
}

TEST(SharedTime, WhatEachGetsAddsUpToTheTimeThatWasBusy) {
  SharedTime time(SharedTime::Medium::shared);
  double sum = 0;
  std::vector<double> joined;
  for (int at : {0, 10, 35, 35}) joined.push_back(time.join(nanoseconds(at)));
  for (int i = 0; i < 4; ++i)
    sum += time.leave(nanoseconds(100 + 30 * i)) - joined[static_cast<std::size_t>(i)];
  EXPECT_NEAR(sum, 190, 1e-9);
}

TEST(SharedTime, OnSeparateLinksEachGetsAllOfIt) {
  SharedTime time(SharedTime::Medium::separate);
  double first = time.join(nanoseconds(100));
  double second = time.join(nanoseconds(200));
  EXPECT_DOUBLE_EQ(time.leave(nanoseconds(400)) - first, 300);
  EXPECT_DOUBLE_EQ(time.leave(nanoseconds(450)) - second, 250);
}

TEST(SharedTime, SaysWhenAShareWillBeReached) {
  SharedTime time(SharedTime::Medium::shared);
  time.join(nanoseconds(0));
  time.join(nanoseconds(0));
  time.join(nanoseconds(60));
  EXPECT_EQ(time.when(50), nanoseconds(120));  // 30 in two, 20 in three
  EXPECT_FALSE(time.reached(50));
  time.at(nanoseconds(120));
  EXPECT_TRUE(time.reached(50));
}

}  // namespace
}  // namespace telegrad
