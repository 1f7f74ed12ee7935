#pragma once

#include "sim/core/training.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// Times that a hub's result is sent in a round: once where the network broadcasts, else to each that takes part.
double copies_down(const Value& scenario, const NetworkFacts& network);
/// Serialised bytes of setting all replicas alike once: one goes up, and down once or to each other worker.
double resync_bytes(const Value& scenario, const TrainingFacts& facts, const NetworkFacts& network);
/// Serialised bytes of all messages of a steady round over the exchange of a resolved scenario, with the round's share of
/// setting replicas alike. What is lost and sent again comes on top.
double round_bytes(const Value& scenario, const TrainingFacts& facts, const NetworkFacts& network);

}  // namespace telegrad::app
