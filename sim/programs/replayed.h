#pragma once

#include <memory>
#include <vector>

#include "sim/core/recording.h"
#include "sim/core/training.h"

namespace telegrad::programs {

/// Does again what was recorded: the same operations of the same sizes and costs, the same losses and
/// evaluations. Throws RunError(bad_data) where the recording ends before the run.
class Replayed final : public Training {
 public:
  explicit Replayed(Recording recording);
  ~Replayed() override;

  const TrainingFacts& facts() const override { return recording_.facts; }
  Learner& learner(Rank rank) override;
  Task<> serve(std::uint64_t round, Hub& hub) override;
  Task<> serve_cohort(std::uint64_t round, std::vector<Rank> members, Hub& hub) override;
  std::function<Evaluation()> evaluation(Rank of) override;

 private:
  class Player;

  Recording recording_;
  bool cohorts_ = false;           // they train, and the hub has the model
  std::vector<Payload> payloads_;  // by shadow
  std::vector<std::unique_ptr<Player>> players_;
};

}  // namespace telegrad::programs
