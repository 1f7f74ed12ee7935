// Fast-forwarded Wi-Fi against the same runs packet by packet.

#include "tests/support/sized_training.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 6;

struct Totals final : Observer {
  double drawn_s = 0;
  double up = 0, down = 0;  // bytes on the air
  void round(const RoundRecord& record) override {
    if (record.fast_forwarded) drawn_s += seconds(record.end - record.begin);
    up += static_cast<double>(record.on_air->up);
    down += static_cast<double>(record.on_air->down);
  }
};

struct Pair {
  double full_s = 0;
  double sampled_s = 0;
  Totals full, sampled;
  SamplingReport report;
};

Pair both(const std::string& network, std::uint64_t bytes, SimTime gradient, std::uint64_t rounds) {
  Devices devices = plain_devices(kWorkers, 0.1);
  Plan plan{.network = network, .workers = kWorkers, .rounds = rounds, .devices = &devices};
  auto run = [&](Observer& observer) {
    SizedTraining training(kWorkers, steady(bytes, gradient));
    return run_synchronous(plan, training, observer);
  };
  Pair pair;
  pair.full_s = seconds(run(pair.full).end);
  plan.sampling = SamplingSettings{.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = rounds};
  Ran sampled = run(pair.sampled);
  pair.sampled_s = seconds(sampled.end);
  pair.report = *sampled.sampling;
  return pair;
}

TEST(Sampling, ACalmCellIsWithinTheTolerance) {
  Pair pair = both(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10}})", 8'000,
                   std::chrono::milliseconds(200), 120);
  EXPECT_FALSE(pair.report.gave_up_after);
  EXPECT_GT(pair.report.fast_forwarded, 80u);
  EXPECT_LE(*pair.report.interval, 0.025);
  EXPECT_NEAR(pair.sampled_s, pair.full_s, 0.02 * pair.full_s);
  EXPECT_NEAR(pair.sampled.up, pair.full.up, 0.03 * pair.full.up);
  EXPECT_NEAR(pair.sampled.down, pair.full.down, 0.03 * pair.full.down);
}

TEST(Sampling, ARoughCellIsWithinItsStatedIntervalOrGivesUp) {
  Pair pair = both(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 20},
                       "fading": {"type": "nakagami", "m": 1}})",
                   8'000, std::chrono::milliseconds(20), 150);
  const double interval = pair.report.interval.value_or(0);
  const bool held = std::abs(pair.sampled_s - pair.full_s) <= interval * pair.sampled.drawn_s;
  EXPECT_TRUE(held || pair.report.gave_up_after)
      << pair.sampled_s << " s, not " << pair.full_s << " s; interval " << interval;
}

}  // namespace
}  // namespace telegrad
