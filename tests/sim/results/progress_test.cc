#include "sim/results/progress.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ProgressOfARun : public testing::Test {
 protected:
  Progress show(Display::Kind kind, Horizon horizon = {100, std::nullopt}, int columns = 200) {
    return {horizon, {kind, columns, &out_, [this] { return host_; }}};
  }

  std::size_t shown(const std::string& mark) const {
    std::size_t count = 0;
    const std::string text = out_.str();
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) ++count;
    return count;
  }

  std::ostringstream out_;
  std::chrono::nanoseconds host_{};
};

TEST_F(ProgressOfARun, OnATerminalIsRewrittenAtMostTenTimesASecond) {
  Progress progress = show(Display::Kind::terminal);
  for (std::uint64_t round = 1; round <= 1000; ++round) {
    host_ += std::chrono::milliseconds(2);
    play_round(progress, round);
  }
  EXPECT_EQ(shown("\r"), 20u);
  EXPECT_EQ(shown("\n"), 0u);
}

TEST_F(ProgressOfARun, ElsewhereIsALineEveryTenSeconds) {
  Progress progress = show(Display::Kind::plain);
  for (std::uint64_t round = 1; round <= 60; ++round) {
    host_ += std::chrono::seconds(1);
    play_round(progress, round);
  }
  EXPECT_EQ(shown("\n"), 6u);
  EXPECT_EQ(shown("\r"), 0u);
}

TEST_F(ProgressOfARun, CanBeSwitchedOff) {
  Progress progress = show(Display::Kind::none);
  play_round(progress, 1);
  EXPECT_EQ(out_.str(), "");
}

TEST_F(ProgressOfARun, SaysHowFarItIs) {
  Progress progress = show(Display::Kind::terminal);
  for (std::uint64_t round = 1; round <= 20; ++round) {
    host_ += std::chrono::milliseconds(500);
    play_round(progress, round);
  }
  progress.evaluated(
      20, {.validation_accuracy = 0.792, .validation_loss = {}, .test_accuracy = 0.1, .test_loss = {}});
  EXPECT_EQ(
      progress.line(),
      "round 20/100  2.000 s simulated  accuracy 79.2 %  loss 0.05  20.0 kB sent  2 rounds/s  40 s left");
}

TEST_F(ProgressOfARun, CountsBytesOnTheAirWhereTheyAreModelled) {
  Progress progress = show(Display::Kind::terminal);
  progress.round({.round = 1,
                  .begin = {},
                  .end = ms(1),
                  .train_loss = 1,
                  .participants = 1,
                  .on_air = OnAir{1000, 500}});
  EXPECT_THAT(progress.line(), HasSubstr("1.50 kB on air"));
}

TEST_F(ProgressOfARun, TakesTheNearerOfBothHorizons) {
  Progress progress =
      show(Display::Kind::terminal, {1000, 3.0});  // rounds of 0.1 simulated s: the time ends first
  for (std::uint64_t round = 1; round <= 10; ++round) {
    host_ += std::chrono::seconds(1);
    play_round(progress, round);
  }
  EXPECT_THAT(progress.line(), HasSubstr("  20 s left"));
}

TEST_F(ProgressOfARun, ForgetsHowSlowItsBeginningWas) {
  Progress progress = show(Display::Kind::terminal, {2000, std::nullopt});
  host_ = std::chrono::minutes(10);
  for (std::uint64_t round = 1; round <= 1000; ++round) {
    host_ += std::chrono::milliseconds(100);
    play_round(progress, round);
  }
  EXPECT_THAT(progress.line(), HasSubstr("10 rounds/s"));
}

TEST_F(ProgressOfARun, FitsTheTerminalAndNeverCutsACharacter) {
  Progress progress = show(Display::Kind::terminal, {100, std::nullopt}, 13);
  host_ = std::chrono::seconds(1);
  progress.round(
      {.round = 1, .begin = {}, .end = SimTime(1'500), .train_loss = 1, .participants = 1, .on_air = {}});
  EXPECT_EQ(out_.str(), "\r\x1b[Kround 1/100 ");
}

TEST_F(ProgressOfARun, TakesItsLineAwayAtTheEnd) {
  {
    Progress progress = show(Display::Kind::terminal);
    host_ = std::chrono::seconds(1);
    play_round(progress, 1);
  }
  EXPECT_TRUE(out_.str().ends_with("\r\x1b[K"));
}

}  // namespace
}  // namespace telegrad::results
