#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/core/training.h"

namespace telegrad::programs {

/// When a run ends and how often its model is evaluated.
struct Budget {
  std::uint64_t max_rounds = ~std::uint64_t{0};
  std::uint64_t evaluate_every = 10;       // rounds; the last round is evaluated too
  std::optional<double> stop_at_accuracy;  // on the validation split, else on the test set
};

/// Counts the rounds of a run: closes a round when its last worker has finished it, evaluates, and decides when
/// the run stops. An evaluation of round r is joined when round r + 1 ends, and only then can stop the run, so
/// the simulation never waits for the host and does not depend on it.
class Rounds {
 public:
  Rounds(const Host& host, Training& training, std::uint32_t workers, const Budget& budget);
  ~Rounds();

  /// May this round begin? Rounds count from 1.
  bool open(std::uint64_t round);
  void finished(std::uint64_t round, Rank rank, double loss);
  void contributed(std::uint64_t round, std::uint32_t contributions);
  /// After the run: joins what is still being evaluated.
  void finish();

  std::uint64_t completed() const { return completed_; }
  /// "max_rounds", "accuracy", or "" while the run goes on.
  const std::string& stop_reason() const { return stop_reason_; }

 private:
  struct Open {
    std::vector<double> losses;  // by rank
    std::uint32_t finished = 0;
    std::uint32_t contributions = 0;
  };
  struct Evaluating {
    std::shared_ptr<Evaluation> result;
    Pool::Handle job;
  };

  Open& at(std::uint64_t round);
  void close(std::uint64_t round, const Open& round_state);
  void begin_evaluation(std::uint64_t round);
  void join_evaluations(std::uint64_t through);

  const Host host_;
  Training& training_;
  std::uint32_t workers_;
  Budget budget_;
  std::map<std::uint64_t, Open> open_;
  std::map<std::uint64_t, Evaluating> evaluating_;
  std::uint64_t started_ = 0;
  std::uint64_t last_ = ~std::uint64_t{0};  // no round after this one
  std::uint64_t completed_ = 0;
  SimTime previous_end_{};
  OnAir on_air_;
  std::string stop_reason_;
};

}  // namespace telegrad::programs
