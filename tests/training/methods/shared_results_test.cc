#include "training/methods/shared_results.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace telegrad::training {
namespace {

TEST(SharedResults, AreComputedOnceHoweverManyThreadsAsk) {
  SharedResults<int> results;
  std::atomic<int> computed{0};
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (std::uint64_t key = 0; key < 100; ++key) {
        auto result = results.get(key / 100, [&] { return computed += 1, 42; });
        if (*result != 42) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(wrong, 0);
}

TEST(SharedResults, AFailureIsNotKept) {
  SharedResults<int> results;
  EXPECT_THROW((void)results.get(1, []() -> int { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(*results.get(1, [] { return 7; }), 7);
}

}  // namespace
}  // namespace telegrad::training
