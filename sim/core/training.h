#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"

namespace telegrad {

/// What a worker does on its own before it contributes: so many steps, or passes over its samples.
struct LocalWork {
  std::uint32_t steps = 1;
  std::uint32_t epochs = 0;  // where not 0 instead of the steps
};

/// Hears the mean loss of a member's batches, before its contribution goes.
using Learnt = std::function<void(double loss)>;

/// One worker's side of the training, driven by a program.
class Learner {
 public:
  virtual ~Learner() = default;
  /// One synchronous step: gradient, average over the group, apply. Returns the loss of this worker's batch.
  /// Throws RunError(not_finite) naming worker, tensor and round. `round` counts from 1.
  virtual Task<double> step(std::uint64_t round, Exchange& exchange) = 0;
  /// One cycle of a model that goes round: in the order of ranks each worker takes what the one before it shared,
  /// steps, and shares. Only where the facts allow it. Returns the loss of this worker's batch.
  virtual Task<double> pass(std::uint64_t round, Exchange& exchange);
  /// Steps alone from the model that all have, averages how far it came, and applies that to its model. Returns the mean
  /// loss of its batches.
  virtual Task<double> local(std::uint64_t round, LocalWork work, Exchange& exchange);
  /// The same as a member of a cohort: from the model that it was sent, which it forgets afterwards. The server alone
  /// applies what comes of it. Only where the facts allow it.
  virtual Task<> visit(Invitation invitation, LocalWork work, Exchange& exchange, Learnt learnt);
  /// The same where it was busy until the round was over: it hears what became of what it sent before.
  virtual Task<> miss(Exchange& exchange);
};

/// What one worker learns from.
struct Portion {
  std::uint64_t samples = 0;
  std::vector<std::uint64_t> label_histogram;
};

/// What results and `explain` show of a training, known before it starts.
struct TrainingFacts {
  std::uint64_t parameters = 0;
  double flops_per_sample = 0;  // forward and backward
  std::uint64_t batch_size = 0;
  std::vector<Portion> portions;  // by rank
  /// Expected bytes of one worker's message in a steady round: what `explain` prints.
  std::uint64_t up_bytes = 0;
  std::uint64_t down_bytes = 0;
  std::uint64_t up_information_bits = 0;
  std::uint64_t down_information_bits = 0;
  std::vector<Shape> shapes;     // of the folds that it asks its exchange for; empty where that is not known
  bool needs_hub = false;        // its hub does what no fold can
  std::string cannot_pass = {};  // why its model cannot go round; empty where it can
  std::string cannot_go_alone = {};  // why differences of models cannot be averaged
  std::string cannot_sample = {};    // why not all of its workers can take part in a round
  bool reads_link = false;           // what it sends depends on what it learnt of its link
  bool of_its_round = false;         // a contribution means nothing in a later round
  bool whole_down = false;           // what goes down must arrive whole
  std::uint64_t summed_apart = 0;    // bytes, of those up and of those down: a linear fold of its own
  std::uint64_t resync_bytes = 0;    // of a replica that all are set to, expected; 0: they never are
  std::vector<std::string> assumptions;
  std::vector<std::string> not_modelled;
  std::vector<std::string> warnings;
};

/// A population of learners and what its server does. Lives as long as the run.
class Training {
 public:
  virtual ~Training() = default;
  virtual const TrainingFacts& facts() const = 0;
  virtual Learner& learner(Rank rank) = 0;
  /// The hub's part of one round. Only where the exchange has a hub.
  virtual Task<> serve(std::uint64_t round, Hub& hub) = 0;
  /// What the hub does in a round after its contributions were counted: nothing, in most trainings.
  virtual Task<> serve_statistics(std::uint64_t round, Hub& hub);
  /// The hub's part of a round of a cohort, which it invites with its model, the only one that lasts.
  virtual Task<> serve_cohort(std::uint64_t round, std::vector<Rank> members, Hub& hub);
  /// A host job that evaluates the model as it is at this call: the server's, where cohorts train it, else this worker's.
  virtual std::function<Evaluation()> evaluation(Rank of) = 0;
  /// What its methods have learnt about themselves, in sentences for the results; asked when the run is over.
  virtual std::vector<std::string> remarks() const { return {}; }
  /// Writes the model of rank 0 into a file, for Python too. Throws RunError(storage); RunError(bad_data) where there
  /// is no model.
  virtual void save(const std::filesystem::path& path) const;
};

struct TrainingContext {
  std::uint32_t workers = 1;
  std::uint64_t seed = 1;
  bool evaluate_validation = true;
  bool evaluate_test = true;
  std::string device = "cpu";       // auto, cpu, cuda, cuda:i
  bool deterministic = true;        // a GPU's kernels: those that give the same bits every time
  bool measured = false;            // what a gradient takes on that device is wanted: one at a time there
  std::uint32_t cohort = 0;         // workers that take part in a round; 0: all
  std::uint64_t resync_rounds = 0;  // after so many rounds all replicas are set to one; 0: never
  bool averages_models = false;     // the mean of how far models went moves them, by the server's optimizer
};

/// A gradient of the user's own, one worker's: C order.
struct GivenGradient {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// Workers that put the same gradient into their method in every round, to see what comes out.
class GivenTraining : public Training {
 public:
  /// What rank 0 decoded in the latest round, and the sum over all rounds; in the shape of the gradients.
  virtual const std::vector<float>& update() const = 0;
  virtual const std::vector<double>& sum_of_updates() const = 0;
};

/// What the training library offers the program that loads it.
class TrainingPlugin {
 public:
  virtual ~TrainingPlugin() = default;
  virtual std::string torch_version() const = 0;
  /// What a scenario's host device is on this machine: cpu or cuda:i. Throws ScenarioError where there is no such one.
  virtual std::string device(const std::string& asked) const = 0;
  /// Adds methods, models, datasets, partitions, optimizers, schedules.
  virtual void add_catalogues(Catalogues& catalogues) const = 0;
  virtual Table training_table() const = 0;     // the scenario's "training"
  virtual Table compression_table() const = 0;  // the scenario's "compression"
  /// Files of the user's or of a package that a training reads; `training` is resolved.
  virtual std::vector<std::filesystem::path> data_files(const Value& training) const = 0;
  /// `training` and `compression` are resolved objects. Throws ScenarioError with pointers from the root of the
  /// scenario, and RunError(bad_data).
  virtual std::unique_ptr<Training> make(const Value& training, const Value& compression,
                                         const TrainingContext& context) const = 0;
  /// Gradients by rank, all of one shape. Throws as `make` does.
  virtual std::unique_ptr<GivenTraining> make_given(std::vector<GivenGradient> gradients,
                                                    const Value& compression, std::uint64_t seed) const = 0;
};

/// Exported by libtelegrad_training.so under this name.
inline constexpr const char* kTrainingPluginSymbol = "telegrad_training_plugin";
using TrainingPluginFunction = const TrainingPlugin& (*)();

}  // namespace telegrad
