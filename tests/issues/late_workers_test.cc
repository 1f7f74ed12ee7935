// A worker that is far behind used to delay every evaluation where it was worker 0, and the end of the run.

#include <gtest/gtest.h>

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad {
namespace {

using testing_support::Plan;

constexpr const char* kTraining =
    R"({"dataset": {"type": "synthetic_logistic", "samples": 256, "features": 10}, "model": {"type": "logistic"},
        "optimizer": {"type": "sgd", "learning_rate": 0.5}, "batch_size_per_worker": 16})";

class Evaluations final : public Observer {
 public:
  void round(const RoundRecord& record) override {
    rounds = record.round;
    end = record.end;
  }
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override {
    EXPECT_TRUE(evaluation.test_accuracy.has_value());
    evaluated_rounds.push_back(round);
    if (!in_time && rounds < 6) in_time = true;
  }
  std::vector<std::uint64_t> evaluated_rounds;
  std::uint64_t rounds = 0;
  SimTime end{};
  bool in_time = false;  // some evaluation was known before the last round was over
};

/// Quorum of two among three workers, one of which needs a thousand times as long.
void expect_no_delay(std::vector<double> speeds) {
  auto training = testing_support::population(kTraining, "{}", {.workers = 3});
  DeviceProfile profile{
      .name = "test", .flops_per_s = 1e6, .codec_bytes_per_s = {}, .active_power_w = {}, .source = "test"};
  const Devices devices(profile, std::move(speeds), 0, 1);
  Evaluations seen;
  const Plan plan{.exchange = R"({"type": "star", "wait": {"type": "quorum", "contributions": 2}})",
                  .workers = 3,
                  .rounds = 6,
                  .evaluate_every = 1,
                  .devices = &devices};
  const auto ran = run_synchronous(plan, *training, seen);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(seen.evaluated_rounds, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(seen.in_time);
  EXPECT_EQ(ran.end, seen.end) << "the run is over with its last round";
}

TEST(LateWorkers, DelayNeitherEvaluationsNorTheEnd) {
  expect_no_delay({1, 1, 1e-3, 1});
  expect_no_delay({1e-3, 1, 1, 1});
}

}  // namespace
}  // namespace telegrad
