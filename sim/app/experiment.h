#pragma once

#include <memory>
#include <string>

#include "sim/app/link_facts.h"
#include "sim/core/fingerprint.h"
#include "sim/core/sampling.h"
#include "sim/core/training.h"
#include "sim/programs/rounds.h"
#include "sim/results/manifest.h"

namespace telegrad::app {

/// One training over one network: owns everything that a run is made of, in a fixed order of destruction.
class Experiment {
 public:
  /// `scenario` is resolved. Builds network, exchange and program around this training; `observer` sees the run
  /// and must outlive it. threads: of the host, 0 for all cores.
  Experiment(const Value& scenario, std::unique_ptr<Training> training, unsigned threads, Observer& observer);
  ~Experiment();

  /// Runs to the end of the budget; returns why it ended: "max_rounds", "max_simulated_s", "accuracy" or
  /// "interrupted". Throws RunError.
  std::string run();
  /// Where the network writes what the scenario asks it for; without a call, nowhere. Before the run.
  void set_output_folder(const std::filesystem::path& folder) { network_->set_output_folder(folder); }
  /// From a signal handler or another thread.
  void stop() noexcept;

  const TrainingFacts& training() const { return training_->facts(); }
  std::vector<std::string> remarks() const { return training_->remarks(); }
  /// Writes what worker 0 has learnt; see Training::save.
  void save_model(const std::filesystem::path& path) const { training_->save(path); }
  NetworkFacts network() const { return network_->facts(); }
  bool has_hub() const { return group_->hub() != nullptr; }
  const Devices& devices() const { return devices_; }
  unsigned threads() const { return pool_.threads(); }
  /// Bytes of the largest block on the way up and down.
  std::uint32_t block_limit_up() const;
  std::uint32_t block_limit_down() const;
  std::string fingerprint() const { return fingerprint_.text(); }
  /// What became of fast-forward; nothing where the scenario does not sample.
  std::optional<SamplingReport> sampling() const { return network_->sampling_report(); }
  std::uint64_t completed_rounds() const { return rounds_->completed(); }

 private:
  void sample(const Value& scenario);

  std::uint32_t workers_;
  SimTime horizon_;
  Pool pool_;
  Fingerprint fingerprint_;
  Observers observers_;
  Devices devices_;
  std::unique_ptr<Training> training_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Group> group_;
  std::unique_ptr<programs::Rounds> rounds_;
};

/// The training that a resolved scenario describes. Loads the training library.
std::unique_ptr<Training> make_training(const Value& scenario);

LinkFacts link_facts_of(const Experiment& experiment);

/// What the results say of a run before it starts. torch_version: of the library that trained.
results::Manifest manifest(const Value& scenario, const Experiment& experiment,
                           const std::string& torch_version);

}  // namespace telegrad::app
