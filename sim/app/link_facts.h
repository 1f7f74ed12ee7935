#pragma once

#include <cstdint>
#include <string>

#include "sim/core/network.h"
#include "sim/core/training.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// What of a network decides whether a training over it can be recorded, and how it is cut.
struct LinkFacts {
  NetworkFacts network;
  std::uint32_t limit_up = 0;  // bytes of the largest block
  std::uint32_t limit_down = 0;
};

/// Builds the network of a resolved scenario, and drops it again. Throws ScenarioError.
LinkFacts link_facts(const Value& scenario);

/// Throws ScenarioError where the exchange cannot carry what the training asks for, or not over this network.
void check_exchange(const Value& scenario, const TrainingFacts& training, const NetworkFacts& network);

/// Why what a round teaches depends on the link; "" where it does not.
std::string model_dependence(const Value& scenario, const NetworkFacts& network);
/// Refuses to draw rounds where what they teach depends on the link. Throws ScenarioError.
void check_sampling(const Value& scenario, const NetworkFacts& network);
/// The same as model_dependence, and why one recording cannot serve every link for other reasons.
std::string link_dependence(const Value& scenario, const LinkFacts& link);

}  // namespace telegrad::app
