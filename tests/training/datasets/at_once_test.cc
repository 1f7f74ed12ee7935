#include "training/datasets/at_once.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace telegrad::training {
namespace {

TEST(AtOnce, EachNumberComesOnce) {
  for (std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<int> seen(count);
    at_once(count, [&](std::size_t i) { ++seen[i]; });
    EXPECT_EQ(seen, std::vector<int>(count, 1));
  }
}

TEST(AtOnce, TheFirstOfSeveralFailuresIsThrown) {
  std::vector<int> seen(100);
  try {
    at_once(100, [&](std::size_t i) {
      ++seen[i];
      if (i % 7 == 3) throw std::runtime_error(std::to_string(i));
    });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "3");
  }
  for (int times : seen) EXPECT_LE(times, 1);
}

}  // namespace
}  // namespace telegrad::training
