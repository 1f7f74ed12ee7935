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
};

/// Spawns the actors of a program.
using MakeProgram = std::function<void(const Value& resolved, const Stage& stage)>;
using ProgramEntry = Entry<MakeProgram>;

/// All programs that a scenario can name.
const Registry<MakeProgram>& programs();

}  // namespace telegrad::programs
