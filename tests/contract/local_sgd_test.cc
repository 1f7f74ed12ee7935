// Local SGD and federated averaging against what can be said without them: plain SGD, the synchronous program, a few
// steps written out.

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <set>

#include "sim/programs/replayed.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/learning/gradient.h"
#include "training/span.h"

namespace telegrad {
namespace {

using testing_support::Plan;
using testing_support::Ran;
using testing_support::run_synchronous;
using training::Population;

/// `more` is of the training: "\"proximal\": 0.1, ".
std::string logistic(const std::string& more = "", const std::string& optimizer = "") {
  return "{" + more + R"("dataset": {"type": "synthetic_logistic", "samples": 512, "features": 20},
          "partition": {"type": "dirichlet", "alpha": 0.5}, "model": {"type": "logistic"}, "batch_size_per_worker": 16,
          "optimizer": )" +
         (optimizer.empty() ? R"({"type": "sgd", "learning_rate": 0.5})" : optimizer) + "}";
}

std::string local(std::uint32_t steps, std::uint32_t clients = 0) {
  return R"({"type": "local_sgd", "local_steps": )" + std::to_string(steps) + R"(, "clients_per_round": )" +
         std::to_string(clients) + "}";
}

struct Case {
  std::string training = logistic();
  std::string compression = "{}";
  std::string program = "synchronous";
  std::string exchange = R"({"type": "star"})";
  std::uint32_t workers = 4;
  std::uint64_t rounds = 12;
  std::uint32_t clients = 0;
};

at::Tensor trained(const Case& setup) {
  Observer nobody;
  auto all = testing_support::population(setup.training, setup.compression,
                                         {.workers = setup.workers, .cohort = setup.clients});
  const Plan plan{.exchange = setup.exchange,
                  .workers = setup.workers,
                  .rounds = setup.rounds,
                  .threads = 2,
                  .program = setup.program};
  Ran ran = run_synchronous(plan, *all, nobody);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, setup.rounds);
  return all->parameters().clone();
}

at::Tensor federated(std::uint32_t steps, std::uint32_t clients, Case setup = {}) {
  setup.program = local(steps, clients);
  setup.clients = clients;
  return trained(setup);
}

double distance(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(LocalSgd, OfOneWorkerAndOneStepIsPlainSgdBitForBit) {
  const Case alone{.workers = 1, .rounds = 40};
  auto reference = testing_support::population(logistic(), "{}", {.workers = 1});
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
      Case setup{.compression = compression, .exchange = testing_support::of_type(exchange)};
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
  const Case setup{.training = training, .workers = 3, .rounds = 4};
  auto reference = testing_support::population(training, "{}", {.workers = 3});
  const training::Common& common = reference->common();
  auto partition =
      training::divide(testing_support::described("partitions", R"({"type": "dirichlet", "alpha": 0.5})"),
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
  Case epochs{.workers = 2};
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
  const Case first{.training = once, .workers = 3, .rounds = 1};
  const at::Tensor whole = federated(3, 1, first);
  Case many = first;
  many.compression = R"({"uplink": {"type": "top_k", "ratio": 0.2}})";
  EXPECT_GT(distance(federated(3, 1, many), whole), 1e-3) << "something was kept back";
  many.rounds = 40;
  EXPECT_LT(distance(federated(3, 1, many), whole), 1e-6);
  many.compression = R"({"uplink": {"type": "top_k", "ratio": 0.2, "error_feedback": false}})";
  EXPECT_GT(distance(federated(3, 1, many), whole), 1e-3) << "without feedback it is lost";
}

/// What everybody hears on the way.
class Heard final : public Observer {
 public:
  void message(const MessageRecord& record) override {
    if (std::string(record.purpose) == "invite down") invited[record.round].insert(record.to.value);
    if (std::string(record.purpose) == "up") sent[record.round].insert(record.from.value);
    if (std::string(record.purpose) == "invite down") control += record.control_bytes;
  }
  void contribution(const ContributionRecord& record) override {
    fates[{record.node.value, record.operation}] = record;
  }
  void round(const RoundRecord& record) override { rounds.push_back(record); }
  std::size_t count(Fate fate) const {
    std::size_t number = 0;
    for (const auto& [key, record] : fates) number += record.fate == fate ? 1 : 0;
    return number;
  }

  std::map<std::uint64_t, std::set<std::uint32_t>> invited, sent;
  std::map<std::pair<std::uint32_t, std::uint64_t>, ContributionRecord> fates;
  std::vector<RoundRecord> rounds;
  std::uint64_t control = 0;
};

Ran run(const Case& setup, Training& training, Observer& observer, const std::string& network,
        const Devices* devices = nullptr) {
  const Plan plan{.network = network,
                  .exchange = setup.exchange,
                  .workers = setup.workers,
                  .rounds = setup.rounds,
                  .threads = 2,
                  .evaluate_every = 3,
                  .devices = devices,
                  .program = setup.program};
  return run_synchronous(plan, training, observer);
}

TEST(LocalSgd, ACohortIsDrawnAnewForEachRoundAndToldOnTheWire) {
  const Case setup{.program = local(1, 3), .workers = 10, .rounds = 60, .clients = 3};
  auto all = testing_support::population(setup.training, "{}", {.workers = 10, .cohort = 3});
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

/// Workers 3 and 4 are a hundred times slower.
Devices uneven() {
  DeviceProfile profile{
      .name = "test", .flops_per_s = 1e6, .codec_bytes_per_s = {}, .active_power_w = {}, .source = "test"};
  return Devices(profile, {1, 1, 1, 0.01, 0.01, 1}, 0, 3);
}

Case with(const std::string& wait, const std::string& late, const std::string& program) {
  Case setup{.compression = R"({"uplink": {"type": "top_k", "ratio": 0.2}})",
             .program = program,
             .workers = 5,
             .rounds = 30};
  setup.exchange = R"({"type": "star", "wait": )" + wait + R"(, "late": ")" + late + R"("})";
  setup.clients = program.find("local_sgd") == std::string::npos ? 0 : 5;
  return setup;
}

TEST(RoundPolicies, SayWhoCameLateAndWhatBecameOfIt) {
  const Devices devices = uneven();
  const std::map<std::string, Fate> fates{
      {"dropped", Fate::dropped}, {"returned", Fate::returned}, {"deferred", Fate::deferred}};
  for (const char* wait : {R"({"type": "quorum", "contributions": 3})", R"({"type": "backup", "workers": 2})",
                           R"({"type": "deadline", "seconds": 0.01})"}) {
    for (const std::string& program : {std::string("synchronous"), local(2, 5)}) {
      for (const auto& [late, fate] : fates) {
        const Case setup = with(wait, late, program);
        auto all = testing_support::population(setup.training, setup.compression,
                                               {.workers = 5, .cohort = setup.clients});
        Heard heard;
        ASSERT_TRUE(run(setup, *all, heard, R"({"type": "ideal"})", &devices).ended);
        EXPECT_GT(heard.count(fate), 0u) << wait << late << program;
        EXPECT_EQ(heard.count(Fate::applied) + heard.count(fate) + heard.count(Fate::missing),
                  heard.fates.size());
        for (const auto& [key, record] : heard.fates) {
          if (record.fate == Fate::applied) {
            EXPECT_LE(record.arrived, record.closed);
          }
          if (record.fate == fate) {
            EXPECT_GT(record.arrived, record.closed);
          }
          if (record.fate == fate) {
            EXPECT_GE(record.node.value, 3u) << "only the slow ones come late";
          }
        }
      }
    }
  }
}

TEST(RoundPolicies, ABackupWorkerMakesRoundsShorter) {
  const Devices devices = uneven();
  auto end = [&](const char* wait) {
    const Case setup = with(wait, "dropped", "synchronous");
    auto all = testing_support::population(setup.training, setup.compression, {.workers = 5});
    Heard heard;
    run(setup, *all, heard, R"({"type": "ideal"})", &devices);
    return heard.rounds.at(9).begin;
  };
  EXPECT_LT(end(R"({"type": "backup", "workers": 2})") * 5, end(R"({"type": "everybody"})"));
}

/// What comes late returns to feedback, or is gone.
TEST(RoundPolicies, DroppingLosesWhatReturningKeeps) {
  const Devices devices = uneven();
  auto model = [&](const std::string& late) {
    Case setup = with(R"({"type": "quorum", "contributions": 3})", late, local(2, 5));
    auto all = testing_support::population(setup.training, setup.compression, {.workers = 5, .cohort = 5});
    Heard heard;
    run(setup, *all, heard, R"({"type": "ideal"})", &devices);
    return all->parameters().clone();
  };
  EXPECT_GT(distance(model("dropped"), model("returned")), 1e-4);
}

TEST(LocalSgd, IsReplayedToTheNanosecond) {
  const Devices devices = uneven();
  for (const std::string& program : {local(2), local(2, 3)}) {
    Case setup{
        .compression = R"({"uplink": {"type": "top_k", "ratio": 0.2}})", .program = program, .workers = 5};
    setup.clients = program == local(2) ? 0 : 3;
    auto make = [&] {
      return testing_support::population(setup.training, setup.compression,
                                         {.workers = 5, .cohort = setup.clients});
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
