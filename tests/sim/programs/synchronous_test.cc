#include <map>

#include "sim/programs/transfer.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;
using std::chrono::milliseconds;

struct Seen : Observer {
  std::vector<RoundRecord> rounds;
  std::map<std::uint64_t, std::size_t> evaluated_after;  // round -> rounds closed by then
  void round(const RoundRecord& record) override { rounds.push_back(record); }
  void evaluated(std::uint64_t round, const Evaluation&) override { evaluated_after[round] = rounds.size(); }
};

TEST(Synchronous, ARoundTakesUpAndDownOverTheSharedLink) {
  programs::Transfer training(4, 10'000, 5'000);
  Seen seen;
  // 4 x 10,000 B up at 8 Mbit/s = 40 ms + 1 ms; down 4 x (5,000 + 6 + 5 x verdicts) B at 40 Mbit/s, + 1 ms.
  Plan plan{.network = R"({"type": "ideal", "latency_ms": 1, "medium": "shared",
                           "uplink": {"rate_mbps": 8}, "downlink": {"rate_mbps": 40}})",
            .exchange = R"({"type": "star", "verdict_window": 1})",
            .rounds = 3};
  Ran ran = run_synchronous(plan, training, seen);
  EXPECT_TRUE(ran.ended);
  ASSERT_EQ(seen.rounds.size(), 3u);
  EXPECT_EQ(seen.rounds[0].begin, SimTime::zero());
  EXPECT_EQ(seen.rounds[0].end, milliseconds(42) + SimTime(4 * 5'011 * 8 * 25));  // 25 ns a bit
  EXPECT_EQ(seen.rounds[1].begin, seen.rounds[0].end);
  EXPECT_EQ(seen.rounds[2].participants, 4u);
  EXPECT_FALSE(seen.rounds[0].on_air.has_value());
}

TEST(Synchronous, ARoundHasTheBytesOnTheAirOfThatRoundAlone) {
  programs::Transfer training(2, 60'000, 60'000);
  Seen seen;
  Plan plan{.network = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 20},
                           "fading": {"type": "nakagami", "m": 1}})",
            .workers = 2,
            .rounds = 6};
  run_synchronous(plan, training, seen);
  ASSERT_EQ(seen.rounds.size(), 6u);
  OnAir sum;  // of rounds that overlap: a worker begins the next while another still awaits its update
  for (const RoundRecord& round : seen.rounds) {
    sum.up += round.on_air->up;
    sum.retransmitted_up += round.on_air->retransmitted_up;
    sum.retransmitted_down += round.on_air->retransmitted_down;
  }
  const std::uint64_t fresh = sum.up - sum.retransmitted_up;
  EXPECT_GT(fresh, 6 * 120'000u);
  EXPECT_LT(fresh, 6 * 120'000u * 5 / 4);
  EXPECT_GT(sum.retransmitted_down, 0u);
}

TEST(Synchronous, AnEvaluationIsJoinedWhenTheNextRoundEnds) {
  programs::Transfer training(3, 100, 100);
  Seen seen;
  Plan plan{.workers = 3, .rounds = 7, .threads = 2, .evaluate_every = 3};
  run_synchronous(plan, training, seen);
  std::map<std::uint64_t, std::size_t> expected{{3, 4}, {6, 7}, {7, 7}};
  EXPECT_EQ(seen.evaluated_after, expected);
}

TEST(Synchronous, TheHorizonEndsARunInTheMiddleOfARound) {
  programs::Transfer training(2, 1000, 1000);
  Seen seen;
  Plan plan{.network = R"({"type": "ideal", "latency_ms": 10})",
            .workers = 2,
            .rounds = 1000,
            .horizon = milliseconds(50)};
  Ran ran = run_synchronous(plan, training, seen);
  EXPECT_FALSE(ran.ended);
  EXPECT_EQ(ran.rounds, 2u);
  EXPECT_EQ(ran.end, milliseconds(50));
}

/// Gets better by a tenth in every evaluation.
class Improving final : public Training {
 public:
  explicit Improving(std::uint32_t workers) : transfer_(workers, 100, 100) {}
  const TrainingFacts& facts() const override { return transfer_.facts(); }
  Learner& learner(Rank rank) override { return transfer_.learner(rank); }
  Task<> serve(std::uint64_t round, Hub& hub) override { return transfer_.serve(round, hub); }
  std::function<Evaluation()> evaluation(Rank) override {
    return [accuracy = 0.1 * ++evaluations_] {
      Evaluation evaluation;
      evaluation.validation_accuracy = accuracy;
      return evaluation;
    };
  }

 private:
  programs::Transfer transfer_;
  int evaluations_ = 0;
};

TEST(Synchronous, AccuracyStopsTheRunWhenTheEvaluationIsJoined) {
  Improving training(3);
  Seen seen;
  Observers observers;
  observers.add(seen);
  Pool pool(1);
  Devices devices(4);
  auto network = make_network(R"({"type": "ideal"})", 3, 1, observers);
  Host host{*network, devices, &pool, observers};
  Catalogues catalogues;
  exchanges::add_catalogues(catalogues);
  Value star = resolve_trusted(R"({"type": "star"})", catalogues.at("exchanges"), catalogues);
  auto group = exchanges::exchanges().make(star, host, 3u);
  programs::Budget budget{.max_rounds = 1000, .evaluate_every = 5, .stop_at_accuracy = 0.35};
  programs::Rounds rounds(host, training, 3, budget);
  programs::Stage stage{*network, *group, training, rounds, 3};
  programs::programs().make(
      resolve_trusted(R"({"type": "synchronous"})", programs::programs().catalogue(), catalogues), stage);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  rounds.finish();
  EXPECT_EQ(rounds.stop_reason(), "accuracy");
  EXPECT_EQ(rounds.completed(), 22u);  // 0.4 after round 20, joined at the end of 21, when 22 had begun
  network->drop();
}

}  // namespace
}  // namespace telegrad
