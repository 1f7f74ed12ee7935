#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/core/training.h"

namespace telegrad::programs {

/// When a run ends and how often its model is evaluated.
struct Budget {
  std::uint64_t max_rounds = ~std::uint64_t{0};
  std::uint64_t evaluate_every = 10;       // rounds; the last round is evaluated too
  std::optional<double> stop_at_accuracy;  // on the validation split, else on the test set
  bool drains = false;  // the run goes on after its last round until late workers have ended that too
};

/// Counts the rounds of a run: closes a round, after the one before it, when all whose contributions were in time have
/// finished it, or when the server of a cohort has; evaluates, and ends the run with its last round. An evaluation of
/// round r is joined when round r + 1 ends, and only then can stop the run, so the simulation never waits for the host
/// and does not depend on it.
class Rounds {
 public:
  Rounds(const Host& host, Training& training, std::uint32_t workers, const Budget& budget);
  ~Rounds();

  /// May this round begin? Rounds count from 1.
  bool open(std::uint64_t round);
  /// A worker has applied the round's update. loss: NaN where it learnt nothing, because the round was over without it.
  void finished(std::uint64_t round, Rank rank, double loss);
  /// The hub has merged so many contributions; those of `awaited` were in time, and the round ends with them.
  void contributed(std::uint64_t round, std::uint32_t contributions, const std::vector<Rank>& awaited);
  /// Where a cohort trains the server's model: a member's loss, and the end of the round. What comes later is not heard.
  void learnt(std::uint64_t round, Rank rank, double loss);
  void concluded(std::uint64_t round, std::uint32_t contributions);
  /// After the run: joins what is still being evaluated.
  void finish();

  std::uint64_t completed() const { return completed_; }
  /// "max_rounds", "accuracy", or "" while the run goes on.
  const std::string& stop_reason() const { return stop_reason_; }

 private:
  struct Open {
    std::map<Rank, double> losses;               // of those that have finished
    std::optional<std::set<Rank>> awaited = {};  // that have not; where not all were in time
    Rank speaker{0};  // whose model stands for the round: worker 0's, or the first's that was in time
    std::uint32_t contributions = 0;
  };
  struct Evaluating {
    std::shared_ptr<Evaluation> result;
    Pool::Handle job;
  };

  bool due(std::uint64_t round) const;
  bool ready(const Open& state) const;
  void close(std::uint64_t round, const Open& round_state);
  void begin_evaluation(std::uint64_t round, Rank of);
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
