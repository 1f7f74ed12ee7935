#pragma once

// Transfer, whose hub works for a second after each answer.

#include "sim/programs/transfer.h"

namespace telegrad::testing_support {

class BusyHub final : public Training {
 public:
  explicit BusyHub(std::uint32_t workers) : transfer_(workers, 1000, 500) {}
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
  programs::Transfer transfer_;
};

}  // namespace telegrad::testing_support
