#include "sim/results/words.h"

#include <gtest/gtest.h>

namespace telegrad::results {
namespace {

TEST(Words, OfTimes) {
  EXPECT_EQ(seconds_in_words(0), "0 s");
  EXPECT_EQ(seconds_in_words(1.5e-9), "1.500 ns");
  EXPECT_EQ(seconds_in_words(0.00001234), "12.34 µs");
  EXPECT_EQ(seconds_in_words(0.99999), "1.000 s");
  EXPECT_EQ(seconds_in_words(62.1), "62.10 s");
  EXPECT_EQ(seconds_in_words(750), "12 min 30 s");
  EXPECT_EQ(seconds_in_words(7500), "2 h 5 min");
}

TEST(Words, OfBytes) {
  EXPECT_EQ(bytes_in_words(0), "0 B");
  EXPECT_EQ(bytes_in_words(999), "999 B");
  EXPECT_EQ(bytes_in_words(1000), "1.00 kB");
  EXPECT_EQ(bytes_in_words(53'149'000), "53.1 MB");
  EXPECT_EQ(bytes_in_words(123'456'789'000), "123 GB");
}

TEST(Words, OfSharesAndCounts) {
  EXPECT_EQ(share_in_words(0), "0.0 %");
  EXPECT_EQ(share_in_words(0.0004), "0.04 %");
  EXPECT_EQ(share_in_words(0.7918), "79.2 %");
  EXPECT_EQ(count_in_words(1'234'567), "1,234,567");
  EXPECT_EQ(counted(1, "round"), "1 round");
  EXPECT_EQ(counted(1200, "round"), "1,200 rounds");
}

}  // namespace
}  // namespace telegrad::results
