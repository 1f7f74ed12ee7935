#include "sim/core/quote.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

TEST(Quote, EscapesWhatATerminalWouldObey) { EXPECT_EQ(quote("a\x1b[31m\n"), "'a\\u001b[31m\\u000a'"); }

TEST(Quote, CutsLongTextsBetweenCharacters) {
  std::string text(59, 'x');
  EXPECT_EQ(quote(text + "éé"), "'" + text + "...'");
}

TEST(Nearest, FindsASlipOfTheFingers) {
  std::vector<std::string> words{"ratio", "error_feedback", "k", "wifi", "ideal"};
  EXPECT_EQ(nearest("ratoi", words), "ratio");
  EXPECT_EQ(nearest("Ratio", words), "ratio");
  EXPECT_EQ(nearest("error-feedback", words), "error_feedback");
  EXPECT_EQ(nearest("wify", words), "wifi");
  EXPECT_EQ(nearest("errorfeedbak", words), "error_feedback");
}

TEST(Nearest, DoesNotGuessWildly) {
  std::vector<std::string> words{"ratio", "k", "wifi"};
  EXPECT_EQ(nearest("x", words), std::nullopt);
  EXPECT_EQ(nearest("momentum", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(1 << 20, 'w'), words), std::nullopt);
}

TEST(Nearest, CompletesTheBeginningOfAName) {
  std::vector<std::string> words{"batch_size_per_worker", "batch_size_per_worker_and_round"};
  EXPECT_EQ(nearest("batch_size", words), "batch_size_per_worker");
  EXPECT_EQ(nearest("bat", words), std::nullopt);
}

TEST(Nearest, TakesTheClosestOfSeveral) {
  EXPECT_EQ(nearest("uplinc", {"downlink", "uplinks", "uplink"}), "uplink");
}

TEST(OneOf, ReadsAsASentence) {
  EXPECT_EQ(one_of({"a"}), "a");
  EXPECT_EQ(one_of({"a", "b"}), "a or b");
  EXPECT_EQ(one_of({"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace telegrad
