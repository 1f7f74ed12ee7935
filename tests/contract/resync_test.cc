// Replicas that a lossy way down lets drift apart, and are set alike again after every few rounds.

#include <gtest/gtest.h>

#include <map>

#include "sim/core/recording.h"
#include "sim/programs/replayed.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad {
namespace {

using testing_support::Plan;
using testing_support::population;
using testing_support::Ran;
using testing_support::run_synchronous;

constexpr std::uint32_t kWorkers = 4;
constexpr std::uint64_t kRounds = 12;
constexpr std::uint64_t kEvery = 4;
constexpr std::uint64_t kParameters = 10 * 32 + 32 + 64 + 2;

std::string training(const std::string& optimizer, const std::string& more = "") {
  return R"({"dataset": {"type": "synthetic_logistic", "samples": 512, "features": 10, "validation": 100},
             "partition": {"type": "iid"}, "model": {"type": "mlp", "hidden": [32]},
             "optimizer": )" +
         optimizer + R"(, "batch_size_per_worker": 16)" + more + "}";
}

const std::string kMomentum = R"({"type": "sgd", "learning_rate": 0.2, "momentum": 0.5})";
const std::string kAdam = R"({"type": "adam", "learning_rate": 0.01})";

constexpr auto kUnicast = R"({"type": "ideal", "block_bytes": 200,
    "uplink": {"rate_mbps": 8, "block_loss": 0.1}, "downlink": {"rate_mbps": 8, "block_loss": 0.2}})";
constexpr auto kBroadcast = R"({"type": "ideal", "medium": "shared", "block_bytes": 200,
    "uplink": {"rate_mbps": 8, "block_loss": 0.1},
    "downlink": {"rate_mbps": 8, "block_loss": 0.2, "broadcast": true}})";
constexpr auto kWifi = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 30},
    "fading": {"type": "nakagami", "m": 1},
    "transport": {"uplink": {"type": "tcp"}, "downlink": {"type": "broadcast", "mcs": 7}}})";

Plan plan_of(const std::string& network, const std::string& program = "synchronous",
             std::uint64_t rounds = kRounds) {
  return {.network = network,
          .exchange = R"({"type": "star", "replicas": "resync", "resync_rounds": 4})",
          .workers = kWorkers,
          .rounds = rounds,
          .evaluate_every = 1,
          .program = program};
}

TrainingContext context(bool averages_models = false) {
  return {.workers = kWorkers, .resync_rounds = kEvery, .averages_models = averages_models};
}

struct Bytes final : Observer {
  std::map<std::string, std::uint64_t> sent;     // by purpose
  std::map<std::string, std::uint64_t> charged;  // once a broadcast
  std::map<Phase, int> spans;
  void message(const MessageRecord& record) override {
    sent[record.purpose] += record.bytes;
    if (!record.overheard) charged[record.purpose] += record.bytes;
  }
  void span(NodeId, std::uint64_t, Phase phase, SimTime, SimTime) override { ++spans[phase]; }
};

TEST(Resync, ReplicasGoApartAndAreTheSameAfterEveryFewRounds) {
  for (const char* network : {kUnicast, kBroadcast, kWifi}) {
    Observer nobody;
    auto workers = population(training(kMomentum), "{}", context());
    const Ran ran = run_synchronous(plan_of(network), *workers, nobody);
    ASSERT_TRUE(ran.ended);
    const auto spreads = workers->spreads();
    ASSERT_EQ(spreads.size(), kRounds) << network;
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      if (round % kEvery == 0) {
        EXPECT_EQ(spreads[round - 1].largest, 0.0) << network << " " << round;
      } else if (round % kEvery == kEvery - 1) {
        EXPECT_GT(spreads[round - 1].largest, 0.0) << network << " " << round;
      }
    }
  }
}

/// The same bits of all that a replica is: what follows from it is computed once for all.
TEST(Resync, TheReplicaOfAllIsOne) {
  for (const std::string& optimizer : {kMomentum, kAdam}) {
    Observer nobody;
    auto workers = population(training(optimizer, R"(, "average": {"weights": "equal"})"), "{}", context());
    run_synchronous(plan_of(kBroadcast), *workers, nobody);
    const auto& first = dynamic_cast<training::Worker&>(workers->learner(Rank{0})).replica();
    for (std::uint32_t i = 1; i < kWorkers; ++i) {
      const auto& other = dynamic_cast<training::Worker&>(workers->learner(Rank{i})).replica();
      EXPECT_EQ(other, first) << "shared, not only equal";
      EXPECT_EQ(other->identity, first->identity);
    }
    EXPECT_EQ(first->steps, optimizer == kAdam ? kRounds : 0u);
  }
}

TEST(Resync, ItsBytesAreChargedUpOnceAndDownOnceOrToEachOther) {
  for (const std::string& optimizer : {kMomentum, kAdam}) {
    const std::uint64_t vectors = optimizer == kAdam ? 3 : 2;
    for (const bool broadcast : {false, true}) {
      Bytes bytes;
      auto workers = population(training(optimizer), "{}", context());
      run_synchronous(plan_of(broadcast ? kBroadcast : kUnicast), *workers, bytes);
      const std::uint64_t up = bytes.charged["share up"];
      const double data = 4.0 * static_cast<double>(vectors * kParameters * kRounds / kEvery);
      EXPECT_GT(static_cast<double>(up), data);
      EXPECT_LT(static_cast<double>(up), 1.2 * data) << "headers of blocks of 200 bytes";
      EXPECT_EQ(bytes.charged["share down"], broadcast ? up : (kWorkers - 1) * up);
      EXPECT_EQ(bytes.sent["share down"], (kWorkers - 1) * up);
      const auto lost = static_cast<double>(bytes.charged["repair down"]);
      EXPECT_NEAR(lost / static_cast<double>(bytes.sent["share down"]), 0.2, 0.06)
          << "repaired, and only that";
      EXPECT_NEAR(static_cast<double>(workers->facts().resync_bytes), data * kEvery / kRounds, 200)
          << "what explain expects";
    }
  }
}

/// Where workers step alone, the server's optimizer moves the replicas; their own memories stay with them.
TEST(Resync, LocalStepsGoOnFromTheSameReplicaToo) {
  const std::string program = R"({"type": "local_sgd", "local_steps": 2})";
  const std::string server = R"(, "server_optimizer": {"type": "sgd", "learning_rate": 1, "momentum": 0.9})";
  Bytes bytes;
  auto workers = population(training(kAdam, server), "{}", context(true));
  run_synchronous(plan_of(kBroadcast, program), *workers, bytes);
  const auto spreads = workers->spreads();
  ASSERT_EQ(spreads.size(), kRounds);
  EXPECT_EQ(spreads[kEvery - 1].largest, 0.0);
  EXPECT_GT(spreads[kEvery - 2].largest, 0.0);
  const double data = 4.0 * static_cast<double>(2 * kParameters);  // parameters and velocity
  EXPECT_NEAR(static_cast<double>(workers->facts().resync_bytes), data, 200);
  EXPECT_LT(static_cast<double>(bytes.charged["share up"]), 1.2 * data * kRounds / kEvery);
}

/// Its work and its messages are operations like all others.
TEST(Resync, IsRecordedAndReplayedToTheNanosecond) {
  const DeviceProfile profile{
      .name = "test", .flops_per_s = 1e8, .codec_bytes_per_s = 1e6, .active_power_w = {}, .source = "test"};
  const Devices devices(profile, {1, 2, 0.5, 1.5, 1}, 0.2, 3);
  for (const char* network : {kUnicast, kBroadcast}) {
    Plan plan = plan_of(network);
    plan.devices = &devices;
    Recorder recorder(kWorkers + 1);
    Bytes bytes;
    Observers both;
    both.add(recorder);
    both.add(bytes);
    auto workers = population(training(kMomentum), "{}", context());
    const Ran there = run_synchronous(plan, *workers, both);
    EXPECT_EQ(bytes.spans[Phase::encode],
              static_cast<int>((2 * kWorkers - kWorkers + 1) * kRounds + kRounds / kEvery))
        << "worker 0 packs a replica besides";
    programs::Replayed replayed(std::move(recorder).finish("key", workers->facts()));
    Observer nobody;
    const Ran here = run_synchronous(plan, replayed, nobody);
    EXPECT_EQ(here.end, there.end);
    EXPECT_EQ(here.fingerprint, there.fingerprint);
  }
}

TEST(Resync, WorksWhereARoundDoesNotWaitForEverybody) {
  const DeviceProfile profile{
      .name = "test", .flops_per_s = 1e8, .codec_bytes_per_s = 1e6, .active_power_w = {}, .source = "test"};
  const Devices devices(profile, {0.3, 1, 1, 1, 1}, 0.2, 3);  // worker 0 is the slowest
  Observer nobody;
  auto workers = population(training(kMomentum), "{}", context());
  Plan plan = plan_of(kBroadcast);
  plan.devices = &devices;
  plan.exchange = R"({"type": "star", "replicas": "resync", "resync_rounds": 4,
                      "wait": {"type": "quorum", "contributions": 3}})";
  const Ran ran = run_synchronous(plan, *workers, nobody);
  ASSERT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, kRounds);
  const auto spreads = workers->spreads();
  ASSERT_FALSE(spreads.empty());
  EXPECT_EQ(spreads.back().largest, 0.0);
}

}  // namespace
}  // namespace telegrad
