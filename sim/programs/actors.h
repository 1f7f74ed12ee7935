#pragma once

#include "sim/programs/programs.h"

namespace telegrad::programs {

/// What a learner does in a round, and what the hub does.
using WorkerRound = std::function<Task<double>(Learner& learner, std::uint64_t round, Exchange& exchange)>;
using HubRound = Task<std::uint32_t> (*)(Training& training, std::uint64_t round, Hub& hub);  // contributions

/// The hub's round that a training serves by itself.
Task<std::uint32_t> serve_training(Training& training, std::uint64_t round, Hub& hub);

/// Spawns every worker, round after round as long as they are open, and the hub where there is one.
void spawn_rounds(const Stage& stage, const WorkerRound& worker, HubRound hub);

}  // namespace telegrad::programs
