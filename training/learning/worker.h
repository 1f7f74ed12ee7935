#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/core/training.h"
#include "training/datasets/dataset.h"
#include "training/learning/average.h"
#include "training/learning/batches.h"
#include "training/learning/host_device.h"
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
  std::unique_ptr<const HostDevice> device = {};
  std::unique_ptr<Model> model;
  std::unique_ptr<Optimizer> optimizer;
  Schedule schedule;
  std::uint64_t seed = 0;
  double learning_rate = 0;
  RatePlace rate_place = RatePlace::after_feedback;
  std::optional<double> clip_norm;
  std::uint64_t batch_size = 0;
  bool averages_statistics = false;  // the model's running ones, in every round
  AverageShare average_share = {};
  // Of steps that workers make alone:
  std::unique_ptr<Optimizer> server = {};  // applies the mean of how far they came
  Schedule server_schedule = {};
  double server_rate = 1;
  double proximal = 0;              // mu of FedProx
  std::uint64_t resync_rounds = 0;  // after so many all replicas are set to one; 0: never

  double rate(std::uint64_t round) const { return learning_rate * schedule(round); }
  /// The server's step by the mean of how far its workers came.
  Replica served(const Replica& from, const at::Tensor& mean, std::uint64_t round) const;
};

/// Replicas by identity: workers that applied the same updates are the same replica.
using Lineage = SharedResults<Replica>;

/// One worker. What lasts of a member of a cohort is its place among its samples, its optimizer's memory and what its
/// encoder keeps; the model it has only while it takes part.
class Worker final : public Learner {
 public:
  /// weight multiplies its gradients. buffers: [b] float32, the model's as they start, undefined where it has none.
  /// The others outlive it.
  Worker(const Common& common, Method& method, Lineage& lineage, Batches batches, float weight,
         std::shared_ptr<const Replica> initial, at::Tensor buffers);

  Task<double> step(std::uint64_t round, Exchange& exchange) override;
  Task<double> pass(std::uint64_t round, Exchange& exchange) override;
  Task<double> local(std::uint64_t round, LocalWork work, Exchange& exchange) override;
  Task<> visit(Invitation invitation, LocalWork work, Exchange& exchange, Learnt learnt) override;
  Task<> miss(Exchange& exchange) override;
  std::shared_ptr<const Replica> replica() const { return replica_; }
  std::uint64_t applied() const { return applied_; }  // updates so far
  /// Keeps the replica that it has, or will have, after so many updates; marked() is empty until then, and where it is
  /// farther already.
  void mark(std::uint64_t updates);
  const std::shared_ptr<const Replica>& marked() const { return marked_; }
  /// The statistics that it has gathered on its own samples; never changed once made.
  const at::Tensor& buffers() const { return buffers_; }

 private:
  struct Local {
    at::Tensor gradient;
    double loss = 0;
    at::Tensor buffers;
    double seconds = 0;  // that its gradients took on the host
  };
  using Next = std::shared_ptr<const Replica>;
  /// What a program makes of a round: what is learnt alone, and what an update does.
  struct Turn {
    Cost learning;
    std::function<Local()> learn;
    Cost applying;
    std::function<Next(const Update& update, const Step& step)> apply;
  };
  Task<double> advance(std::uint64_t round, Exchange& exchange, Turn turn);
  void moved();
  Local differentiate(const Replica& at, const at::Tensor& buffers, std::uint64_t round, std::uint32_t rank);
  Local compute(const Replica& at, std::uint64_t round, std::uint32_t rank);
  std::uint32_t steps_of(LocalWork work) const;
  Cost cost_of(std::uint32_t steps) const;
  Local walk(const Replica& from, std::uint32_t steps, std::uint64_t round, std::uint32_t rank, float weight);
  Payload step_from(const Replica& at, const Step& step, std::uint32_t rank, Cut cut, Local& local);
  std::shared_ptr<const Replica> take_over(const std::shared_ptr<const Replica>& before, const Payload& model,
                                           std::uint32_t rank) const;
  std::shared_ptr<const Replica> apply(const Update& update, const Step& step) const;

  const Common& common_;
  Method& method_;
  Lineage& lineage_;
  Batches batches_;
  std::uint64_t batches_drawn_ = 0;
  float weight_;
  Replica memory_;  // of its own optimizer, where it steps alone
  std::shared_ptr<const Replica> replica_;
  std::uint64_t applied_ = 0;
  std::uint64_t mark_ = 0;
  std::shared_ptr<const Replica> marked_;  // after so many
  at::Tensor buffers_;
};

}  // namespace telegrad::training
