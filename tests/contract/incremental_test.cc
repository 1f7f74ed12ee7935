// A model that goes round: the program incremental over every exchange.

#include <gtest/gtest.h>

#include "sim/core/errors.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/span.h"

namespace telegrad {
namespace {

using testing_support::Plan;

constexpr std::uint32_t kWorkers = 4;

const char* const kTraining = R"({
  "dataset": {"type": "synthetic_logistic", "samples": 256, "features": 20, "validation": 40},
  "model": {"type": "logistic"}, "optimizer": {"type": "sgd", "learning_rate": 0.3}, "batch_size_per_worker": 8})";

/// The model of one worker after some cycles.
std::vector<float> model(const std::string& uplink, Plan plan, std::uint32_t rank = 0) {
  auto all =
      testing_support::population(kTraining, R"({"uplink": )" + uplink + "}", {.workers = plan.workers});
  Observer nobody;
  EXPECT_TRUE(run_synchronous(plan, *all, nobody).ended);
  const auto& worker = dynamic_cast<const training::Worker&>(all->learner(Rank{rank}));
  const auto values = training::span_of(worker.replica()->parameters);
  return {values.begin(), values.end()};
}

Plan plan_of(const std::string& exchange, double loss = 0) {
  return {.network = R"({"type": "ideal", "block_bytes": 64, "uplink": {"block_loss": )" +
                     std::to_string(loss) + "}}",
          .exchange = testing_support::of_type(exchange),
          .workers = kWorkers,
          .rounds = 9,
          .program = "incremental"};
}

TEST(Incremental, OfOneWorkerIsSynchronousSgd) {
  Plan alone = plan_of("star");
  alone.workers = 1;
  Plan synchronous = alone;
  synchronous.program = "synchronous";
  EXPECT_EQ(model(R"({"type": "dense"})", alone), model(R"({"type": "dense"})", synchronous));
}

TEST(Incremental, IsTheSameOverEveryExchangeAtAllWorkersAndOverAnyThreads) {
  for (const char* uplink : {R"({"type": "dense"})", R"({"type": "rounding", "step": 0.01})"}) {
    const auto star = model(uplink, plan_of("star"));
    for (const char* exchange : {"ring", "tree"})
      EXPECT_EQ(model(uplink, plan_of(exchange)), star) << exchange;
    for (std::uint32_t rank = 1; rank < kWorkers; ++rank)
      EXPECT_EQ(model(uplink, plan_of("star"), rank), star);
    Plan two = plan_of("star");
    two.threads = 2;
    EXPECT_EQ(model(uplink, two), star);
  }
}

/// Every worker's step counts: it is not the synchronous step, and as fine a grid as one likes leads to the exact one.
TEST(Incremental, ComesNearTheExactModelOnAFineGrid) {
  const auto exact = model(R"({"type": "dense"})", plan_of("star"));
  Plan synchronous = plan_of("star");
  synchronous.program = "synchronous";
  EXPECT_NE(model(R"({"type": "dense"})", synchronous), exact);
  const auto fine = model(R"({"type": "rounding", "step": 0.0002})", plan_of("star"));
  const auto coarse = model(R"({"type": "rounding", "step": 0.05})", plan_of("star"));
  double near = 0, far = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    near = std::max(near, std::abs(double{fine[i]} - exact[i]));
    far = std::max(far, std::abs(double{coarse[i]} - exact[i]));
    EXPECT_NEAR(coarse[i] / 0.05, std::round(coarse[i] / 0.05), 1e-3);  // a point of the grid
  }
  EXPECT_LT(near, 0.002);
  EXPECT_GT(far, 0.02);
}

TEST(Incremental, KeepsWhatWasLostAsItWas) {
  for (std::uint32_t rank = 1; rank < kWorkers; ++rank) {
    EXPECT_EQ(model(R"({"type": "dense"})", plan_of("star", 0.2), rank),
              model(R"({"type": "dense"})", plan_of("star", 0.2)));
  }
  EXPECT_NE(model(R"({"type": "dense"})", plan_of("star", 0.2)),
            model(R"({"type": "dense"})", plan_of("star")));
}

TEST(Incremental, RefusesWhatCannotGoRound) {
  for (const char* uplink : {R"({"type": "top_k", "ratio": 0.1})", R"({"type": "powersgd"})",
                             R"({"type": "rand_k", "ratio": 0.1, "error_feedback": false})"}) {
    EXPECT_THROW((void)model(uplink, plan_of("star")), ScenarioError) << uplink;
  }
}

}  // namespace
}  // namespace telegrad
