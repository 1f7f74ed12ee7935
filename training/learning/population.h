#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "sim/core/training.h"
#include "training/learning/server.h"
#include "training/learning/spread.h"

namespace telegrad::training {

/// How this population averages its gradients. The layout outlives it.
std::unique_ptr<Method> make_method(const Value& compression, const Layout& layout,
                                    const TrainingContext& context);

/// All workers of a run and the hub's side of their method.
class Population final : public Training {
 public:
  Population(const Value& training, const Value& compression, const TrainingContext& context);

  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *workers_.at(rank.value); }
  Task<> serve(std::uint64_t round, Hub& hub) override;
  Task<> serve_statistics(std::uint64_t round, Hub& hub) override;
  Task<> serve_cohort(std::uint64_t round, std::vector<Rank> members, Hub& hub) override;
  std::function<Evaluation()> evaluation(Rank of) override;
  std::vector<std::string> remarks() const override;
  void save(const std::filesystem::path& path) const override;

  /// What the server of cohorts, else rank 0, has learnt so far: [d] float32.
  const at::Tensor& parameters() const { return replica()->parameters; }
  const Common& common() const { return common_; }
  /// How far replicas were apart at each evaluation, after its update; asked when the run is over. Empty where a server
  /// has the only one.
  std::vector<Spread> spreads() const;

 private:
  struct Measured {
    std::atomic<bool> known = false;  // its job, on another thread, has run
    Spread spread;
  };
  std::vector<std::shared_ptr<const Replica>> marked() const;

  std::shared_ptr<const Replica> replica() const {
    return server_ ? server_->replica() : workers_.front()->replica();
  }

  TrainingContext context_;
  Common common_;
  TrainingFacts facts_;
  std::unique_ptr<Method> method_;
  Lineage lineage_;
  std::unique_ptr<Server> server_;  // where cohorts train
  Rank statistician_{0};            // whose statistics of batches the model is judged with
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::shared_ptr<Measured>>
      spreads_;  // of each evaluation but the last, whose replicas are marked
};

}  // namespace telegrad::training
