// A ring of workers who talk directly against one through the access point.

#include "tests/support/sized_training.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 6;
constexpr std::uint64_t kBytes = 600'000;
constexpr std::uint64_t kRounds = 4;

struct Air final : Observer {
  double bytes = 0;
  void round(const RoundRecord& record) override {
    bytes += static_cast<double>(record.on_air->up + record.on_air->down);
  }
};

struct Ring {
  double s = 0;
  double on_air = 0;
};

Ring all_reduce(const std::string& mode) {
  SizedTraining training(kWorkers, steady(kBytes, SimTime::zero()));
  Air air;
  Plan plan{
      .network = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 5}, "mode": ")" + mode + "\"}",
      .exchange = R"({"type": "ring"})",
      .workers = kWorkers,
      .rounds = kRounds};
  const Ran ran = run_synchronous(plan, training, air);
  EXPECT_TRUE(ran.ended);
  return {seconds(ran.end), air.bytes};
}

TEST(AdHocPhysics, ARingOfNeighboursTakesHalfTheAirOfOneThroughTheAccessPoint) {
  const Ring direct = all_reduce("ad_hoc");
  const Ring relayed = all_reduce("infrastructure");
  RecordProperty("seconds", std::to_string(direct.s) + " against " + std::to_string(relayed.s));
  RecordProperty("bytes", std::to_string(direct.on_air) + " against " + std::to_string(relayed.on_air));
  // Each of 2 (N - 1) / N S bytes by N workers is on the air once, with its headers, instead of twice.
  const double payload = 2.0 * (kWorkers - 1) * kBytes * kRounds;
  EXPECT_GT(direct.on_air, payload);
  EXPECT_LT(direct.on_air, 1.4 * payload);
  EXPECT_NEAR(direct.on_air / relayed.on_air, 0.5, 0.08);
  // Relays contend for the medium too, so that time differs from half by more than bytes do.
  EXPECT_GT(direct.s / relayed.s, 0.35);
  EXPECT_LT(direct.s / relayed.s, 0.7);
}

}  // namespace
}  // namespace telegrad
