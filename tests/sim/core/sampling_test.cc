#include "sim/core/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "sim/core/random.h"

namespace telegrad {
namespace {

constexpr double kMean = 1e7;  // ns that a round's one message takes

/// Rounds of one message, whose work is a function of the round.
class Driven {
 public:
  explicit Driven(const SamplingSettings& settings) : sampling(settings) {}

  std::function<double(std::uint64_t)> work = [](std::uint64_t) { return kMean; };
  std::function<std::uint64_t(std::uint64_t)> bytes = [](std::uint64_t) { return std::uint64_t{1000}; };
  double compute = 0;  // ns in each round besides

  void run(std::uint64_t rounds) {
    for (std::uint64_t i = 0; i < rounds; ++i) one(++round_);
  }

  Sampling sampling;
  std::vector<std::uint64_t> simulated;  // rounds
  double drawn = 0;                      // ns, all drawn rounds
  double truth = 0;                      // what these would have taken
  double on_air = 0;

 private:
  void one(std::uint64_t round) {
    MessageRecord message;
    message.to = NodeId{1};
    message.round = round;
    message.purpose = "up";
    message.bytes = bytes(round);
    message.outcome = Outcome::delivered;
    bool wanted = sampling.simulates(round);
    MessageKey key = sampling.enter(message);
    std::optional<Passage> passage;
    if (!wanted) passage = sampling.draw(key, message);
    double took = passage ? passage->work : work(round);
    if (passage) {
      sampling.drawn(message);
      drawn += took;
      truth += work(round);
    } else {
      sampling.simulated(key, message, {static_cast<double>(message.bytes), took, 0, 1, 0});
      simulated.push_back(round);
    }
    RoundRecord record;
    record.round = round;
    record.begin = now_;
    now_ += SimTime{static_cast<std::int64_t>(took + compute)};
    record.end = now_;
    record.on_air = passage ? OnAir{7, 0} : OnAir{2 * message.bytes, 10};
    sampling.close(record);
    EXPECT_EQ(record.fast_forwarded, passage.has_value());
    on_air = static_cast<double>(record.on_air->up);
  }

  std::uint64_t round_ = 0;
  SimTime now_{};
};

std::function<double(std::uint64_t)> noisy(double variation, std::uint64_t seed) {
  return [=](std::uint64_t round) {
    Stream stream({.seed = seed, .purpose = Purpose::loss, .round = static_cast<std::uint32_t>(round)});
    return kMean * (1 + variation * stream.normal());
  };
}

TEST(Sampling, HalfIsSimulatedAtTheStartAndTheRestInEvenBursts) {
  Driven run({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  run.run(1000);
  std::vector<std::uint64_t> expected;
  for (std::uint64_t r = 1; r <= 16; ++r) expected.push_back(r);
  for (std::uint64_t burst : {180, 344, 508, 672, 836}) {
    for (std::uint64_t r = burst; r < burst + 3; ++r) expected.push_back(r);
  }
  EXPECT_EQ(run.simulated, expected);
  SamplingReport report = run.sampling.report();
  EXPECT_EQ(report.simulated, 31u);
  EXPECT_EQ(report.fast_forwarded, 969u);
  EXPECT_EQ(report.interval, 0.0);
  EXPECT_EQ(report.held_out_error, 0.0);
  EXPECT_FALSE(report.gave_up_after);
  EXPECT_DOUBLE_EQ(run.drawn, run.truth);
}

TEST(Sampling, WithoutALastRoundEachBurstIsTwiceAsFarAway) {
  Driven run({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = {}});
  run.run(100);
  EXPECT_EQ(run.simulated.size(), 16u + 3 + 3);
  EXPECT_EQ(run.simulated[16], 32u);
  EXPECT_EQ(run.simulated[19], 68u);
}

TEST(Sampling, TheStartLastsUntilTheIntervalIsWithinTheTolerance) {
  Driven calm({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  calm.work = noisy(0.02, 1);
  calm.run(100);
  EXPECT_EQ(calm.simulated.back(), 16u);
  Driven rough({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  rough.work = noisy(0.1, 1);
  rough.run(200);
  EXPECT_GT(rough.simulated.back(), 60u);  // (1.96 * 0.1 / 0.02)^2 = 96, of which 10 are held out later
  EXPECT_LT(rough.simulated.back(), 150u);
}

TEST(Sampling, ComputingMakesTheSameVariationMatterLess) {
  Driven run({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  run.work = noisy(0.1, 1);
  run.compute = 4 * kMean;
  run.run(100);
  EXPECT_EQ(run.simulated.back(), 16u);
}

TEST(Sampling, TheIntervalHoldsTheTimeOfTheFullRun) {
  int held = 0;
  constexpr int kTrials = 200;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    Driven run({.rounds = 32, .tolerance = 0.02, .seed = trial, .last_round = 500});
    run.work = noisy(0.03, trial);
    run.run(500);
    double error = std::abs(run.drawn - run.truth) / run.drawn;
    held += error <= run.sampling.report().interval.value() ? 1 : 0;
  }
  EXPECT_GE(held, 0.90 * kTrials);
  EXPECT_LT(held, kTrials);  // an interval that always holds says nothing
}

TEST(Sampling, AStepBeyondTheToleranceEndsTheDrawing) {
  Driven run({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  run.work = [noise = noisy(0.01, 1)](std::uint64_t round) { return noise(round) * (round < 300 ? 1 : 1.1); };
  run.run(1000);
  SamplingReport report = run.sampling.report();
  ASSERT_TRUE(report.gave_up_after);
  EXPECT_GT(*report.gave_up_after, 340u);  // the first burst was before the step
  EXPECT_LT(*report.gave_up_after, 360u);
  EXPECT_EQ(report.fast_forwarded + report.simulated, 1000u);
  EXPECT_LT(report.fast_forwarded, 340u);
}

TEST(Sampling, ChanceAloneHardlyEverEndsTheDrawing) {
  int gave_up = 0;
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    Driven run({.rounds = 32, .tolerance = 0.001, .seed = trial, .last_round = 500});
    run.work = noisy(0.0015, trial);
    run.run(500);
    gave_up += run.sampling.report().gave_up_after ? 1 : 0;
  }
  EXPECT_LE(gave_up, 8);
}

TEST(Sampling, SizesThatJumpAreSimulatedBeforeTheyAreDrawn) {
  Driven run({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  run.bytes = [](std::uint64_t round) { return std::uint64_t{round < 100 ? 1000u : 2000u}; };
  run.work = [&](std::uint64_t round) { return 1e6 + 1e3 * static_cast<double>(run.bytes(round)); };
  run.run(120);
  EXPECT_EQ(run.simulated.size(), 16u + 4);  // the jump and three more
  EXPECT_EQ(run.simulated[16], 100u);
  EXPECT_DOUBLE_EQ(run.drawn, run.truth);
}

TEST(Sampling, SizesInBetweenAreDrawnAtTheirPrice) {
  Driven run({.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = 200});
  run.bytes = [](std::uint64_t round) { return 1000 + 40 * (round % 10); };
  run.work = [&](std::uint64_t round) { return 1e6 + 1e3 * static_cast<double>(run.bytes(round)); };
  run.run(200);
  EXPECT_GT(run.sampling.report().fast_forwarded, 150u);
  EXPECT_NEAR(run.drawn, run.truth, 1e-6 * run.truth);
}

TEST(Sampling, ADrawnRoundHasTheBytesOnTheAirOfTheOneThatWasDrawn) {
  Driven run({.rounds = 8, .tolerance = 0.02, .seed = 1, .last_round = 1000});
  run.run(50);
  EXPECT_EQ(run.on_air, 2000);
}

}  // namespace
}  // namespace telegrad
