#include "sim/core/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace telegrad {
namespace {

class PoolTest : public testing::TestWithParam<unsigned> {
 protected:
  Pool pool_{GetParam()};
};

TEST_P(PoolTest, RunsEveryJobOnce) {
  std::atomic<int> runs = 0;
  std::vector<Pool::Handle> jobs;
  for (int i = 0; i < 1000; ++i) jobs.push_back(pool_.submit([&] { ++runs; }));
  for (const auto& job : jobs) pool_.join(job);
  EXPECT_EQ(runs, 1000);
}

TEST_P(PoolTest, JoiningRethrowsWhatTheJobThrew) {
  auto job = pool_.submit([] { throw std::runtime_error("job"); });
  EXPECT_THROW(pool_.join(job), std::runtime_error);
}

TEST_P(PoolTest, AnAbandonedJobHasEndedOrNeverRuns) {
  auto held = std::make_shared<int>(0);
  for (int i = 0; i < 100; ++i) {
    auto job = pool_.submit([held] { ++*held; });
    pool_.abandon(job);
    int seen = *held;
    EXPECT_EQ(held.use_count(), 1) << "the job still holds its arguments";
    EXPECT_EQ(*held, seen);
  }
}

TEST_P(PoolTest, WhatWasNotStartedIsDroppedAtTheEnd) {
  auto held = std::make_shared<int>(0);
  {
    Pool other(GetParam());
    for (int i = 0; i < 50; ++i) other.submit([held] { ++*held; });
  }
  EXPECT_EQ(held.use_count(), 1);
}

INSTANTIATE_TEST_SUITE_P(Threads, PoolTest, testing::Values(1u, 2u, 4u));

}  // namespace
}  // namespace telegrad
