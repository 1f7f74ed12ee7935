#pragma once

#include <functional>

#include "sim/core/registry.h"
#include "sim/programs/rounds.h"

namespace telegrad::programs {

/// What a program runs on; all of it outlives the actors.
struct Stage {
  Network& network;
  Group& group;
  Training& training;
  Rounds& rounds;
  std::uint32_t workers = 1;
  std::uint64_t seed = 1;  // of what is drawn for the training
};

/// How a program begins, and what it is.
struct MakeProgram {
  using Spawn = std::function<void(const Value& resolved, const Stage& stage)>;

  Spawn spawn;  // its actors; throws ScenarioError where this training cannot be run so
  bool recordable =
      false;  // its models do not depend on links that lose nothing, where everybody is waited for
  bool passes_models = false;  // each worker gets the whole model from the one before it, not updates

  void operator()(const Value& resolved, const Stage& stage) const { spawn(resolved, stage); }
};
using ProgramEntry = Entry<MakeProgram>;

/// How many workers take part in a round of a resolved program; 0: all.
std::uint32_t cohort_of(const Value& program);

/// Whether the mean of how far models went moves them, instead of a mean gradient.
bool averages_models(const Value& program);

/// How many gradients a worker with so many batches of samples computes in a round of a resolved program.
std::uint64_t gradients_of(const Value& program, std::uint64_t batches);

/// All programs that a scenario can name.
const Registry<MakeProgram>& programs();

}  // namespace telegrad::programs
