#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/core/training.h"
#include "training/datasets/dataset.h"
#include "training/learning/average.h"
#include "training/learning/batches.h"
#include "training/methods/method.h"
#include "training/methods/shared_results.h"
#include "training/models/model.h"
#include "training/optimizers/optimizer.h"
#include "training/schedules/schedule.h"

namespace telegrad::training {

/// Whether the learning rate multiplies a gradient before it is compressed, or the update after.
enum class RatePlace { before_feedback, after_feedback };

/// What all workers of a run share. Nothing of it changes while they learn.
struct Common {
  Dataset dataset;
  Split split;
  std::unique_ptr<Model> model;
  std::unique_ptr<Optimizer> optimizer;
  Schedule schedule;
  double learning_rate = 0;
  RatePlace rate_place = RatePlace::after_feedback;
  std::optional<double> clip_norm;
  std::uint64_t batch_size = 0;
  AverageShare average_share = {};

  double rate(std::uint64_t round) const { return learning_rate * schedule(round); }
};

/// Replicas by identity: workers that applied the same updates are the same replica.
using Lineage = SharedResults<Replica>;

/// One synchronous worker.
class Worker final : public Learner {
 public:
  /// weight multiplies its gradients. The others outlive it.
  Worker(const Common& common, Method& method, Lineage& lineage, Batches batches, float weight,
         std::shared_ptr<const Replica> initial);

  Task<double> step(std::uint64_t round, Exchange& exchange) override;
  Task<double> pass(std::uint64_t round, Exchange& exchange) override;
  std::shared_ptr<const Replica> replica() const { return replica_; }

 private:
  struct Local {
    at::Tensor gradient;
    double loss = 0;
  };
  Local compute(const Replica& at, std::uint64_t round, std::uint32_t rank);
  Payload step_from(const Replica& at, const Step& step, std::uint32_t rank, Cut cut, double& loss);
  std::shared_ptr<const Replica> take_over(const std::shared_ptr<const Replica>& before, const Payload& model,
                                           std::uint32_t rank) const;
  std::shared_ptr<const Replica> apply(const Update& update, const Step& step) const;

  const Common& common_;
  Method& method_;
  Lineage& lineage_;
  Batches batches_;
  float weight_;
  std::shared_ptr<const Replica> replica_;
};

}  // namespace telegrad::training
