// Applied + returned and held + pending = created, under every loss, quorum and deferral.

#include "tests/support/mass.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

class MassContract : public testing::TestWithParam<NetworkCase> {};

TEST_P(MassContract, WhatIsCreatedIsAppliedOrHeldOrPending) {
  MassTraining training(4, 7);
  Observer nobody;
  Plan plan{.network = GetParam().json, .workers = 4, .rounds = 40};
  Ran ran = run_synchronous(plan, training, nobody);
  ASSERT_TRUE(ran.ended);
  // What was sent, and neither applied nor returned: its verdict is still on the way.
  double pending = training.sent() - training.applied() - training.returned();
  double tolerance = 1e-6 * training.created();
  EXPECT_GE(pending, -tolerance) << "applied and returned as well";
  EXPECT_NEAR(pending, 0.0, tolerance)
      << "answers that arrive, or are asked for again, leave nothing pending";
  EXPECT_NEAR(training.applied() + training.held() + pending, training.created(), tolerance);
  if (GetParam().lossy) {
    EXPECT_GT(training.returned(), 0.0) << "this case loses blocks";
  } else {
    EXPECT_NEAR(training.applied(), training.created(), tolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, MassContract, testing::ValuesIn(networks_under_test()), case_name);

/// Exchanges in which workers fold: what is lost on a hop comes back to who sent it, sums of several workers too.
struct Hop {
  std::string exchange;
  Shape shape;
  NetworkCase network;
};

void PrintTo(const Hop& hop, std::ostream* out) { *out << hop.exchange << " over " << hop.network.name; }

class MassOnTheWay : public testing::TestWithParam<Hop> {};

TEST_P(MassOnTheWay, WhatIsLostOnAHopComesBackToItsSender) {
  const auto& [exchange, shape, network] = GetParam();
  MassTraining training(5, 3, SimTime{}, shape);
  Observer nobody;
  Plan plan{.network = network.json,
            .exchange = of_type(exchange),
            .workers = 5,
            .rounds = network.lossy ? 40u : 6u};
  Ran ran = run_synchronous(plan, training, nobody);
  ASSERT_TRUE(ran.ended);
  const double tolerance = 1e-6 * training.created();
  EXPECT_NEAR(training.sent(), training.applied() + training.returned(), tolerance);
  EXPECT_NEAR(training.applied() + training.held(), training.created(), tolerance);
  const bool gathers = exchange == "ring" && shape == Shape::associative;  // nothing goes up
  EXPECT_EQ(training.returned() > 0, network.lossy && !gathers);
  EXPECT_EQ(training.returned_sums() > 0, network.lossy && !gathers && shape != Shape::sliceable);
}

std::string hop_name(const testing::TestParamInfo<Hop>& info) {
  return info.param.exchange + "_" + to_string(info.param.shape) + "_" + info.param.network.name;
}

std::vector<Hop> hops() {
  std::vector<Hop> all;
  for (const auto& entry : exchanges::exchanges().entries()) {
    if (entry.make.hub) continue;
    for (Shape shape : entry.make.carries) {
      if (shape == Shape::local) continue;
      for (const NetworkCase& network : networks_under_test()) {
        Observer nobody;
        if (!make_network(network.json, 1, 1, nobody)->facts().reliable_down) continue;
        all.push_back({entry.about.name, shape, network});
      }
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Every, MassOnTheWay, testing::ValuesIn(hops()), hop_name);

// Verdicts are repeated in a window of answers: with one, a lost answer loses its verdict for ever.
TEST(Mass, TheWindowOfVerdictsSurvivesLostAnswers) {
  auto pending_share = [](int window) {
    MassTraining training(4, 7);
    Observer nobody;
    Plan plan{
        .network = R"({"type": "ideal", "uplink": {"block_loss": 0.3}, "downlink": {"block_loss": 0.3}})",
        .exchange =
            R"({"type": "star", "replicas": "diverge", "verdict_window": )" + std::to_string(window) + "}",
        .rounds = 200};
    run_synchronous(plan, training, nobody);
    return (training.sent() - training.applied() - training.returned()) / training.created();
  };
  EXPECT_GT(pending_share(1), 0.01);
  EXPECT_LT(pending_share(16), 0.005);
}

Plan straggling(const std::string& exchange) {
  return {
      .network = R"({"type": "ideal", "latency_ms": 1})", .exchange = exchange, .workers = 4, .rounds = 30};
}

TEST(Mass, AQuorumReturnsWhatComesTooLate) {
  MassTraining training(4, 3, std::chrono::milliseconds(10));
  Observer nobody;
  Ran ran = run_synchronous(straggling(R"({"type": "star", "wait": {"type": "quorum", "contributions": 3}})"),
                            training, nobody);
  ASSERT_TRUE(ran.ended);
  EXPECT_GT(training.returned(), 0.0);
  double pending = training.sent() - training.applied() - training.returned();
  EXPECT_NEAR(training.applied() + training.held() + pending, training.created(), 1e-6);
  EXPECT_NEAR(pending, 0.0, 1e-6);
}

TEST(Mass, ADeferredContributionIsAppliedInALaterRound) {
  MassTraining training(4, 3, std::chrono::milliseconds(10));
  Observer nobody;
  Ran ran = run_synchronous(
      straggling(R"({"type": "star", "wait": {"type": "quorum", "contributions": 3}, "late": "deferred"})"),
      training, nobody);
  ASSERT_TRUE(ran.ended);
  EXPECT_GT(training.aged(), 10u);
  EXPECT_EQ(training.returned(), 0.0);
  EXPECT_LT(training.created() - training.applied(), 0.3 * training.created())
      << "only the last rounds are missing";
}

TEST(Mass, APolicyKeepsARoundOpenForLatecomers) {
  MassTraining training(4, 3, std::chrono::milliseconds(10));
  Observer nobody;
  Ran ran = run_synchronous(
      straggling(R"({"type": "star", "wait": {"type": "deadline", "seconds": 0.1, "at_least": 2}})"),
      training, nobody);
  ASSERT_TRUE(ran.ended);
  EXPECT_EQ(training.returned(), 0.0);
  EXPECT_EQ(training.applied(), training.created());
}

// A client that was busy until its round was over used to throw away what it heard of what it had sent before.
TEST(Mass, OfClientsThatMissARoundIsNotLost) {
  MassTraining training(3, 7, from_seconds(0.004), Shape::local);
  Observer nobody;
  const Plan plan{
      .network = R"({"type": "ideal", "latency_ms": 1, "uplink": {"block_loss": 0.3}})",
      .exchange = R"({"type": "star", "wait": {"type": "quorum", "contributions": 1}, "late": "deferred"})",
      .workers = 3,
      .rounds = 300,
      .program = R"({"type": "local_sgd", "clients_per_round": 3})"};
  ASSERT_TRUE(run_synchronous(plan, training, nobody).ended);
  EXPECT_GT(training.returned_later(), 0);
  const double pending = training.sent() - training.applied() - training.returned();
  EXPECT_GE(pending, -1e-6 * training.created());
  EXPECT_LT(pending, 0.05 * training.created()) << "only the last contributions' verdicts are not heard";
}

}  // namespace
}  // namespace telegrad
