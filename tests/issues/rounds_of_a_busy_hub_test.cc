// A hub that went on working after its answer (LGC trains its autoencoder there) opened a round anew that its workers had
// closed already; from then on no round was closed.

#include "sim/programs/transfer.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

class BusyHub final : public Training {
 public:
  const TrainingFacts& facts() const override { return transfer_.facts(); }
  Learner& learner(Rank rank) override { return transfer_.learner(rank); }
  Task<> serve(std::uint64_t round, Hub& hub) override {
    co_await transfer_.serve(round, hub);
    std::function<int()> job = [] { return 1; };
    const Cost second{.flops = 0, .bytes = 0, .seconds = 1};
    co_await hub.work<int>(Phase::fold, second, job);
  }
  std::function<Evaluation()> evaluation(Rank of) override { return transfer_.evaluation(of); }

 private:
  programs::Transfer transfer_{3, 1000, 500};
};

class Counted final : public Observer {
 public:
  void round(const RoundRecord& record) override { rounds.push_back(record.round); }
  std::vector<std::uint64_t> rounds;
};

TEST(RoundsOfABusyHub, AreAllClosedInTheirOrder) {
  BusyHub training;
  Counted counted;
  const Ran ran = run_synchronous({.workers = 3, .rounds = 6}, training, counted);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, 6u);
  EXPECT_EQ(counted.rounds, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace telegrad
