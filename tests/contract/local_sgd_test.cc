// Local SGD and federated averaging against what can be said without them: plain SGD, the synchronous program, a few
// steps written out.

#include "sim/programs/replayed.h"
#include "tests/contract/federation.h"
#include "training/learning/gradient.h"

namespace telegrad {
namespace {

using namespace testing_support;

TEST(LocalSgd, OfOneWorkerAndOneStepIsPlainSgdBitForBit) {
  const Federation alone{.workers = 1, .rounds = 40};
  auto reference = population(logistic(), "{}", {.workers = 1});
  const training::Common& common = reference->common();
  training::Batches batches(common.split.learning, 16, 1, 0);
  at::Tensor x = reference->parameters().clone();
  for (std::uint64_t round = 1; round <= 40; ++round) {
    auto g =
        training::gradient(*common.model, x, *common.dataset.train, batches.of(round), common.dataset.shape);
    x = x - g.values * 0.5F;
  }
  EXPECT_TRUE(trained(alone).equal(x));
  EXPECT_TRUE(federated(1, 0, alone).equal(x));
  EXPECT_TRUE(federated(1, 1, alone).equal(x)) << "as a client";
}

TEST(LocalSgd, OfOneStepWithEverybodyIsSynchronous) {
  for (const char* compression : {"{}", R"({"uplink": {"type": "dense", "error_feedback": true}})"}) {
    const at::Tensor synchronous = trained({.compression = compression});
    for (const char* exchange : {"star", "ring", "tree"}) {
      Federation setup{.compression = compression, .exchange = of_type(exchange)};
      EXPECT_LT(distance(federated(1, 0, setup), synchronous), 1e-6) << exchange;
    }
    EXPECT_LT(distance(federated(1, 4, {.compression = compression}), synchronous), 1e-6) << "as clients";
  }
  EXPECT_GT(distance(federated(2, 0), trained({})), 1e-3) << "two steps are another thing";
}

TEST(LocalSgd, ACohortOfAllIsEverybody) {
  EXPECT_LT(distance(federated(5, 0), federated(5, 4)), 1e-6);
  const std::string weighted = logistic(R"("weighting": "samples", )");
  EXPECT_LT(distance(federated(5, 0, {.training = weighted}), federated(5, 4, {.training = weighted})), 1e-6);
  EXPECT_GT(distance(federated(5, 4, {.training = weighted}), federated(5, 4)), 1e-4) << "weights matter";
}

/// Two steps of each of three workers, by hand, with the pull of FedProx, weights by samples, and a server that has
/// momentum: one round after the other.
TEST(LocalSgd, IsWhatItsPaperSays) {
  const float mu = 0.3F, rate = 0.5F;
  const std::string training = logistic(
      R"("weighting": "samples", "proximal": 0.3, "server_optimizer": {"type": "sgd", "learning_rate": 0.7, "momentum": 0.9}, )");
  const Federation setup{.training = training, .workers = 3, .rounds = 4};
  auto reference = population(training, "{}", {.workers = 3});
  const training::Common& common = reference->common();
  auto partition = training::divide(described("partitions", R"({"type": "dirichlet", "alpha": 0.5})"),
                                    {.samples = common.split.learning,
                                     .labels = common.dataset.train->labels(),
                                     .users = {},
                                     .workers = 3,
                                     .least = 16},
                                    1);
  std::vector<training::Batches> batches;
  std::vector<double> share;
  for (std::uint32_t i = 0; i < 3; ++i) {
    share.push_back(static_cast<double>(partition[i].size()) /
                    static_cast<double>(common.split.learning.size()));
    batches.emplace_back(partition[i], 16, 1, i);
  }
  at::Tensor x = reference->parameters().clone();
  at::Tensor velocity = at::zeros_like(x);
  for (std::uint64_t round = 1; round <= setup.rounds; ++round) {
    at::Tensor mean = at::zeros_like(x);
    for (std::uint32_t i = 0; i < 3; ++i) {
      at::Tensor y = x.clone();
      for (std::uint64_t h = 0; h < 2; ++h) {
        auto g = training::gradient(*common.model, y, *common.dataset.train, batches[i].of(2 * round - 1 + h),
                                    common.dataset.shape);
        y = y - rate * (g.values + mu * (y - x));
      }
      mean = mean + share[i] * (x - y);
    }
    velocity = 0.9 * velocity + mean;
    x = x - 0.7 * velocity;
  }
  EXPECT_LT(distance(federated(2, 0, setup), x), 1e-5);
  EXPECT_LT(distance(federated(2, 3, setup), x), 1e-5) << "as clients";
}

TEST(LocalSgd, AnEpochIsAsManyStepsAsItsSamplesNeed) {
  Federation epochs{.workers = 2};
  epochs.training = R"({"dataset": {"type": "synthetic_logistic", "samples": 128, "features": 20},
                        "model": {"type": "logistic"}, "batch_size_per_worker": 24,
                        "optimizer": {"type": "sgd", "learning_rate": 0.5}})";
  epochs.program = R"({"type": "local_sgd", "local_epochs": 2})";
  EXPECT_TRUE(trained(epochs).equal(federated(6, 0, epochs))) << "64 samples are three batches of 24";
}

/// Its rate falls to nothing after the first round: what a client has kept back of that round comes in the rounds for
/// which it is drawn again, and in the end all of it has come.
TEST(LocalSgd, FeedbackSurvivesRoundsInWhichAClientIsNotDrawn) {
  const std::string once = logistic("", R"({"type": "sgd", "learning_rate": 0.5,
      "schedule": {"type": "step", "every_rounds": 1, "factor": 1e-30}})");
  const Federation first{.training = once, .workers = 3, .rounds = 1};
  const at::Tensor whole = federated(3, 1, first);
  Federation many = first;
  many.compression = R"({"uplink": {"type": "top_k", "ratio": 0.2}})";
  EXPECT_GT(distance(federated(3, 1, many), whole), 1e-3) << "something was kept back";
  many.rounds = 40;
  EXPECT_LT(distance(federated(3, 1, many), whole), 1e-6);
  many.compression = R"({"uplink": {"type": "top_k", "ratio": 0.2, "error_feedback": false}})";
  EXPECT_GT(distance(federated(3, 1, many), whole), 1e-3) << "without feedback it is lost";
}

TEST(LocalSgd, ACohortIsDrawnAnewForEachRoundAndToldOnTheWire) {
  const Federation setup{.program = local(1, 3), .workers = 10, .rounds = 60, .clients = 3};
  auto all = population(setup.training, "{}", {.workers = 10, .cohort = 3});
  Heard heard;
  run(setup, *all, heard, R"({"type": "ideal"})");
  std::map<std::uint32_t, int> times;
  std::set<std::set<std::uint32_t>> cohorts;
  for (const auto& [round, members] : heard.invited) {
    EXPECT_EQ(members.size(), 3u);
    EXPECT_EQ(members, heard.sent[round]) << "they and nobody else contribute";
    cohorts.insert(members);
    for (std::uint32_t member : members) ++times[member];
  }
  EXPECT_EQ(heard.invited.size(), 60u);
  EXPECT_EQ(heard.control, 60u * 3 * 12);
  EXPECT_GT(cohorts.size(), 30u);
  for (std::uint32_t i = 0; i < 10; ++i) EXPECT_NEAR(times[i], 18, 12) << i;  // over three deviations
  EXPECT_EQ(heard.count(Fate::applied), 180u);
  for (const RoundRecord& round : heard.rounds) EXPECT_EQ(round.participants, 3u);
}

TEST(LocalSgd, IsReplayedToTheNanosecond) {
  const Devices devices = uneven();
  for (const std::string& program : {local(2), local(2, 3)}) {
    Federation setup{
        .compression = R"({"uplink": {"type": "top_k", "ratio": 0.2}})", .program = program, .workers = 5};
    setup.clients = program == local(2) ? 0 : 3;
    auto make = [&] {
      return population(setup.training, setup.compression, {.workers = 5, .cohort = setup.clients});
    };
    for (const char* network : {R"({"type": "ideal", "latency_ms": 3, "uplink": {"rate_mbps": 1}})",
                                R"({"type": "wired", "rate_mbps": 20, "delay_ms": 2})"}) {
      Observer nobody;
      auto coupled = make();
      const Ran there = run(setup, *coupled, nobody, network, &devices);
      Recorder recorder(6);
      auto alone = make();
      run(setup, *alone, recorder, R"({"type": "ideal", "latency_ms": 0, "block_bytes": 65536})", &devices);
      programs::Replayed replayed(std::move(recorder).finish("key", alone->facts()));
      const Ran here = run(setup, replayed, nobody, network, &devices);
      EXPECT_EQ(here.end, there.end) << program << network;
      EXPECT_EQ(here.fingerprint, there.fingerprint) << program << network;
    }
  }
}

}  // namespace
}  // namespace telegrad
