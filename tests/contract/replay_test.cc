// What was recorded over one network is played over another exactly as if it had been trained there: the same
// fingerprint, so times to the nanosecond, bytes, losses and accuracies.

#include "sim/core/errors.h"
#include "sim/programs/replayed.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

/// Computes, sends payloads of sizes that differ by round and rank, and gets better: deterministic, whatever the
/// network.
class Busy final : public Training {
 public:
  explicit Busy(std::uint32_t workers) {
    facts_.portions.resize(workers);
    for (std::uint32_t i = 0; i < workers; ++i) learners_.push_back(std::make_unique<BusyLearner>(i));
  }
  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t round, Hub& hub) override {
    auto parts = co_await hub.collect();
    std::function<std::size_t()> fold = [parts] { return parts.size(); };
    const Cost cost{.flops = 0, .bytes = 1e6};
    auto folded = co_await hub.work<std::size_t>(Phase::fold, cost, fold);
    hub.publish(sized(2'000 + 300 * (round % 4) + folded));
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [accuracy = 0.1 * ++evaluations_] {
      Evaluation evaluation;
      evaluation.test_accuracy = accuracy;
      return evaluation;
    };
  }
  static Payload sized(std::size_t bytes) {
    std::vector<std::uint32_t> sizes(bytes / 900, 900);
    sizes.push_back(static_cast<std::uint32_t>(bytes % 900));
    return Payload::sized(sizes);
  }

 private:
  class BusyLearner final : public Learner, private Fold {
   public:
    explicit BusyLearner(std::uint32_t rank) : rank_(rank) {}
    Task<double> step(std::uint64_t round, Exchange& exchange) override {
      std::function<int()> job = [] { return 1; };
      const Cost learning{.flops = 1e7 * (rank_ + 1), .bytes = 0};
      co_await exchange.work<int>(Phase::gradient, learning, job);
      auto reduced = co_await exchange.reduce(sized(1'000 + 500 * rank_ + 100 * (round % 3)), *this);
      const Cost decoding{.flops = 0, .bytes = static_cast<double>(reduced.merged.bytes())};
      co_await exchange.work<int>(Phase::decode, decoding, job);
      co_return 1.0 / static_cast<double>(round + rank_);
    }

   private:
    Payload fold(std::span<const Part> parts, Cut) override { return parts.front().payload; }
    Shape shape() const override { return Shape::associative; }
    std::uint32_t rank_;
  };

  TrainingFacts facts_;
  std::vector<std::unique_ptr<BusyLearner>> learners_;
  int evaluations_ = 0;
};

constexpr std::uint32_t kWorkers = 4;

Devices devices(double flops_per_s) {
  DeviceProfile profile{.name = "test",
                        .flops_per_s = flops_per_s,
                        .codec_bytes_per_s = 2e8,
                        .active_power_w = {},
                        .source = "test"};
  return Devices(profile, std::vector<double>{1, 2, 0.5, 1.5, 1}, 0.2, 3);
}

Plan plan_of(const std::string& network, const Devices& on) {
  return {.network = network,
          .workers = kWorkers,
          .rounds = 12,
          .threads = 2,
          .evaluate_every = 5,
          .devices = &on};
}

Recording record(const std::string& network, const Devices& on) {
  Recorder recorder(kWorkers + 1);
  Busy training(kWorkers);
  run_synchronous(plan_of(network, on), training, recorder);
  return std::move(recorder).finish("key", training.facts());
}

class Replay : public testing::TestWithParam<NetworkCase> {};

TEST_P(Replay, EqualsTheCoupledRunToTheNanosecond) {
  Observer nobody;
  Devices recorded_on = devices(1e9), played_on = devices(3e9);
  programs::Replayed replayed(record(R"({"type": "ideal"})", recorded_on));
  Busy coupled(kWorkers);
  Ran there = run_synchronous(plan_of(GetParam().json, played_on), coupled, nobody);
  Ran here = run_synchronous(plan_of(GetParam().json, played_on), replayed, nobody);
  ASSERT_TRUE(there.ended && here.ended);
  EXPECT_EQ(here.end, there.end);
  EXPECT_EQ(here.fingerprint, there.fingerprint);
}

/// Over a link that loses, models depend on it.
std::vector<NetworkCase> reliable_networks() {
  std::vector<NetworkCase> cases = networks_under_test();
  std::erase_if(cases, [](const NetworkCase& network) { return network.lossy; });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Every, Replay, testing::ValuesIn(reliable_networks()), case_name);

TEST(Recording, DoesNotDependOnTheNetwork) {
  Devices on = devices(1e9);
  Recording a = record(R"({"type": "ideal"})", on);
  Recording b = record(R"({"type": "ideal", "latency_ms": 30, "uplink": {"rate_mbps": 1}})", on);
  EXPECT_EQ(a.nodes.size(), kWorkers + 1u);
  for (std::uint32_t i = 0; i < kWorkers; ++i) {
    ASSERT_EQ(a.nodes[i].size(), b.nodes[i].size());
    for (std::size_t j = 0; j < a.nodes[i].size(); ++j) EXPECT_EQ(a.nodes[i][j].cost, b.nodes[i][j].cost);
  }
  EXPECT_EQ(a.evaluations.size(), b.evaluations.size());
}

TEST(Recording, OneThatEndsBeforeTheRunIsAClearFailure) {
  Observer nobody;
  Devices on = devices(1e9);
  programs::Replayed replayed(record(R"({"type": "ideal"})", on));
  Plan longer = plan_of(R"({"type": "ideal"})", on);
  longer.rounds = 13;
  try {
    run_synchronous(longer, replayed, nobody);
    FAIL() << "it ended";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::bad_data);
    EXPECT_NE(std::string(error.what()).find("ends before the run"), std::string::npos);
  }
}

}  // namespace
}  // namespace telegrad
