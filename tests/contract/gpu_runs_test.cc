// Whole runs whose gradients are computed on a GPU.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/learning/host_device.h"

namespace telegrad {
namespace {

using testing_support::Plan;

constexpr const char* kTraining =
    R"({"dataset": {"type": "synthetic_logistic", "samples": 512, "features": 20}, "model": {"type": "mlp", "hidden": [16]},
        "optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size_per_worker": 16})";

struct Trained {
  at::Tensor parameters;
  std::string fingerprint;
  double accuracy = 0;
};

Trained trained(const std::string& device, unsigned threads, const std::string& program) {
  Observer nobody;
  auto all = testing_support::population(kTraining, R"({"uplink": {"type": "top_k", "ratio": 0.1}})",
                                         {.workers = 4, .device = device});
  const Plan plan{.workers = 4, .rounds = 8, .threads = threads, .evaluate_every = 4, .program = program};
  const auto ran = run_synchronous(plan, *all, nobody);
  EXPECT_TRUE(ran.ended);
  return {all->parameters().clone(), ran.fingerprint, all->evaluation(Rank{0})().test_accuracy.value_or(0)};
}

TEST(GpuRuns, LearnWhatTheProcessorLearnsWhateverTheThreads) {
  if (!training::HostDevice({.name = "auto"}).is_gpu()) GTEST_SKIP() << "no GPU";
  for (const char* program : {R"({"type": "synchronous"})", R"({"type": "local_sgd", "local_steps": 3})"}) {
    const Trained here = trained("cpu", 2, program);
    const Trained there = trained("cuda", 1, program);
    const Trained again = trained("cuda:0", 3, program);
    EXPECT_TRUE(there.parameters.allclose(here.parameters, 1e-3, 1e-4)) << program;
    EXPECT_TRUE(again.parameters.equal(there.parameters)) << program;
    EXPECT_EQ(again.fingerprint, there.fingerprint) << program;
    EXPECT_NEAR(there.accuracy, here.accuracy, 0.02) << program;
  }
}

}  // namespace
}  // namespace telegrad
