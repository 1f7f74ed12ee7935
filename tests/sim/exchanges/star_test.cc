// What a star's hub notes of those who come late or only listen, and how much it keeps for them.

#include <gtest/gtest.h>

#include <map>

#include "sim/core/json.h"
#include "sim/exchanges/star_hub.h"
#include "sim/exchanges/star_worker.h"
#include "sim/exchanges/waits.h"
#include "sim/programs/no_fold.h"
#include "tests/support/busy_hub.h"
#include "tests/support/sized_training.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;
using namespace exchanges;

constexpr std::uint32_t kWorkers = 3;
constexpr std::uint64_t kRounds = 300;

Payload one_block() { return Payload(std::vector<Block>(1, Block::of(std::vector<std::byte>(100)))); }

/// Workers 0 and 1 contribute at once; worker 2 after 7 ms, or never. Counts the hub's answers that anybody still holds.
class Watched final : public Training {
 public:
  enum class Last { comes_late, listens };
  explicit Watched(Last last) {
    for (std::uint32_t i = 0; i < kWorkers; ++i)
      learners_.push_back(std::make_unique<Worker>(i == 2 ? Kind::slow : Kind::quick, last));
  }
  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t, Hub& hub) override {
    auto parts = co_await hub.collect();
    Payload answer = one_block();
    answers_.push_back(answer.blocks().front().owner);
    hub.publish(std::move(answer));
    std::size_t held = 0;
    for (const auto& owner : answers_) held += owner.expired() ? 0 : 1;
    most_held = std::max(most_held, held);
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }

  std::size_t most_held = 0;

 private:
  enum class Kind { quick, slow };
  class Worker final : public Learner {
   public:
    Worker(Kind kind, Last last) : kind_(kind), last_(last) {}
    Task<double> step(std::uint64_t, Exchange& exchange) override {
      const bool follows = kind_ == Kind::slow && (last_ == Last::listens || exchange.overtaken());
      if (follows) {
        auto followed = co_await exchange.follow();
        co_return 0.0;
      }
      if (kind_ == Kind::slow) {
        const SimTime pause = std::chrono::milliseconds(7);
        co_await exchange.network().sleep(pause);
      }
      Payload mine = one_block();
      auto reduced = co_await exchange.reduce(std::move(mine), fold_);
      co_return 0.0;
    }

   private:
    const Kind kind_;
    const Last last_;
    programs::NoFold fold_;
  };

  TrainingFacts facts_;
  std::vector<std::unique_ptr<Learner>> learners_;
  std::vector<std::weak_ptr<const void>> answers_;
};

struct Counted final : Observer {
  std::map<std::string, std::size_t> messages;
  void message(const MessageRecord& record) override { ++messages[record.purpose]; }
};

std::size_t most_held(Watched::Last last, const std::string& loss, Observer& observer) {
  Watched training(last);
  const Plan plan{.network = R"({"type": "ideal", "downlink": {"block_loss": )" + loss + "}}",
                  .exchange = R"({"type": "star", "wait": {"type": "quorum", "contributions": 2}})",
                  .workers = kWorkers,
                  .rounds = kRounds};
  const Ran ran = run_synchronous(plan, training, observer);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, kRounds);
  return training.most_held;
}

TEST(StarHub, ForgetsWhatAWorkerThatIsAlwaysLateHasUnderstood) {
  for (const char* loss : {"1e-9", "0.3"}) {
    Counted counted;
    EXPECT_LT(most_held(Watched::Last::comes_late, loss, counted), 20u) << loss;
  }
}

TEST(StarHub, ForgetsWhatAWorkerThatOnlyListensHasUnderstood) {
  for (const char* loss : {"1e-9", "0.3"}) {
    Counted counted;
    EXPECT_LT(most_held(Watched::Last::listens, loss, counted), kAcknowledgeEvery + 10) << loss;
    if (std::string(loss) == "1e-9") {
      EXPECT_EQ(counted.messages["acknowledgement"], kRounds / kAcknowledgeEvery);
    }
  }
}

struct Arrivals final : Observer {
  std::map<std::pair<NodeId, std::uint64_t>, SimTime> delivered;  // by worker and round
  std::vector<ContributionRecord> contributions;
  SimTime worked_until{};
  bool waits_while_it_works = false;
  void message(const MessageRecord& record) override {
    if (std::string(record.purpose) == "up") delivered[{record.from, record.round}] = record.delivered;
  }
  void contribution(const ContributionRecord& record) override { contributions.push_back(record); }
  void span(NodeId node, std::uint64_t, Phase phase, SimTime from, SimTime to) override {
    if (node != NodeId{kWorkers}) return;
    if (phase == Phase::fold) worked_until = to;
    if (phase == Phase::wait) waits_while_it_works |= from < worked_until;
  }
};

TEST(StarHub, SaysWhenAContributionCameNotWhenItWasRead) {
  BusyHub training(kWorkers);
  Arrivals seen;
  EXPECT_TRUE(run_synchronous({.workers = kWorkers, .rounds = 5}, training, seen).ended);
  ASSERT_EQ(seen.contributions.size(), 5u * kWorkers);
  for (const ContributionRecord& record : seen.contributions) {
    EXPECT_EQ(record.arrived, (seen.delivered.at({record.node, record.round})));
    if (record.round > 1) {
      EXPECT_GT(seconds(record.closed - record.arrived), 0.9) << "the hub was busy";
    }
  }
  EXPECT_FALSE(seen.waits_while_it_works);
}

/// Eight verdicts of 70,000 marks each are more than a letter's length had room for, and so were the marks.
TEST(Star, CarriesPayloadsOfMoreThan65535Blocks) {
  struct Fates final : Observer {
    std::size_t partly = 0;
    void contribution(const ContributionRecord& record) override {
      partly += record.fate == Fate::partly ? 1 : 0;
    }
  };
  for (const char* broadcast : {"true", "false"}) {
    auto up = [](std::uint64_t) { return std::uint64_t{70'000} * 64; };
    auto down = [](std::uint64_t) { return std::uint64_t{640}; };
    SizedTraining training(2, {up, down, Cost{}, Cost{}});
    Fates fates;
    const Plan plan{.network = R"({"type": "ideal", "block_bytes": 64, "uplink": {"block_loss": 0.1},
                                   "downlink": {"block_loss": 0.1, "broadcast": )" +
                               std::string(broadcast) + "}}",
                    .workers = 2,
                    .rounds = 10};
    const Ran ran = run_synchronous(plan, training, fates);
    EXPECT_TRUE(ran.ended);
    EXPECT_EQ(ran.rounds, 10u);
    EXPECT_EQ(fates.partly, 20u);
  }
}

std::vector<Problem> problems_of(const std::string& wait) {
  std::vector<Problem> problems;
  Catalogues none;
  resolve_typed(trusted_json(wait), waits().catalogue(), none, problems);
  return problems;
}

TEST(Waits, ADeadlineBeyondEveryRunIsRefused) {
  for (const char* seconds : {"1e-12", "0", "1e10", "9.3e9", "1e300"}) {
    const auto problems = problems_of(R"({"type": "deadline", "seconds": )" + std::string(seconds) + "}");
    ASSERT_EQ(problems.size(), 1u) << seconds;
    EXPECT_EQ(problems.front().pointer, "/seconds");
  }
  EXPECT_TRUE(problems_of(R"({"type": "deadline", "seconds": 1e8})").empty());
}

TEST(StarHub, ADeadlineAfterTheEndOfTimeNeverPasses) {
  Observer nobody;
  auto network = make_network(R"({"type": "ideal", "latency_ms": 1})", 2, 1, nobody);
  const Devices instant(3);
  const Host host{*network, instant, nullptr, nobody};
  const Wait wait{.quorum = 1, .deadline = kNever - SimTime(1)};
  StarHub hub(host, 2, wait, Replicas::repair);
  StarWorker first(host, Rank{0}, 2, Replicas::repair);
  StarWorker second(host, Rank{1}, 2, Replicas::repair);
  programs::NoFold fold;
  auto contribute = [&](StarWorker& worker, SimTime pause) -> Task<> {
    co_await network->sleep(pause);
    Payload mine = one_block();
    auto reduced = co_await worker.reduce(std::move(mine), fold);
  };
  std::size_t collected = 0;
  auto serve = [&]() -> Task<> {
    const SimTime late = std::chrono::milliseconds(1);
    co_await network->sleep(late);  // the sum of now and the deadline would be negative
    auto parts = co_await hub.collect();
    collected = parts.size();
    Payload merged = one_block();
    hub.publish(std::move(merged));
  };
  network->spawn(first.node(), contribute(first, std::chrono::milliseconds(1)), Role::worker);
  network->spawn(second.node(), contribute(second, std::chrono::milliseconds(9)), Role::worker);
  network->spawn(hub.node(), serve(), Role::worker);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  EXPECT_EQ(collected, 2u);
  network->drop();
}

}  // namespace
}  // namespace telegrad
