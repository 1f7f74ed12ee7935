// Devices whose gradients take what they took on the host.

#include <gtest/gtest.h>

#include "sim/core/device_profiles.h"
#include "sim/core/recording.h"
#include "sim/programs/replayed.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad {
namespace {

using testing_support::Plan;
using testing_support::population;

constexpr const char* kTraining =
    R"({"dataset": {"type": "synthetic_logistic", "samples": 256, "features": 20}, "model": {"type": "logistic"},
        "optimizer": {"type": "sgd", "learning_rate": 0.5}, "batch_size_per_worker": 16})";

Devices measured(std::vector<double> speeds) {
  DeviceProfile profile{
      .name = "test", .flops_per_s = {}, .codec_bytes_per_s = {}, .active_power_w = {}, .source = "test"};
  profile.measured = true;
  return Devices(profile, std::move(speeds), 0, 1);
}

/// Seconds of gradients by node, as told and as charged.
class Gradients final : public Observer {
 public:
  void operation(NodeId node, const Operation& what) override {
    if (what.kind != Operation::Kind::work || what.phase != Phase::gradient) return;
    EXPECT_EQ(what.cost.flops, 0);
    told[node.value] += what.cost.seconds;
  }
  void span(NodeId node, std::uint64_t, Phase phase, SimTime from, SimTime to) override {
    if (phase == Phase::gradient) charged[node.value] += seconds(to - from);
  }
  std::map<std::uint32_t, double> told, charged;
};

TEST(MeasuredDevices, TakeWhatTheirGradientsTook) {
  for (const char* program : {R"({"type": "synchronous"})", R"({"type": "local_sgd", "local_steps": 3})",
                              R"({"type": "incremental"})"}) {
    auto training = population(kTraining, "{}", {.workers = 2, .measured = true});
    const Devices devices = measured({1, 0.25, 1});
    Gradients seen;
    const Plan plan{.workers = 2, .rounds = 5, .devices = &devices, .program = program};
    const auto ran = run_synchronous(plan, *training, seen);
    EXPECT_TRUE(ran.ended);
    ASSERT_EQ(seen.told.size(), 2U) << program;
    for (const auto& [node, told] : seen.told) {
      EXPECT_GT(told, 0) << program;
      EXPECT_NEAR(seen.charged[node], told, 1e-7) << program;
    }
    EXPECT_GT(seconds(ran.end), std::max(seen.told[0], seen.told[1])) << program;
  }
}

TEST(MeasuredDevices, AreReplayedAsTheyWere) {
  auto training = population(kTraining, "{}", {.workers = 2, .measured = true});
  const Devices devices = measured({1, 1, 1});
  Recorder recorder(3);
  const Plan plan{.workers = 2, .rounds = 5, .devices = &devices};
  const auto first = run_synchronous(plan, *training, recorder);
  const Recording recording = std::move(recorder).finish("key", training->facts());
  Observer nobody;
  programs::Replayed replayed(recording);
  EXPECT_EQ(run_synchronous(plan, replayed, nobody).fingerprint, first.fingerprint);
  Plan instant = plan;
  instant.devices = nullptr;
  programs::Replayed again(recording);
  EXPECT_EQ(run_synchronous(instant, again, nobody).end, first.end);
}

}  // namespace
}  // namespace telegrad
