#pragma once

#include <optional>
#include <vector>

#include "sim/core/observer.h"
#include "sim/results/critical_path.h"

namespace telegrad::results {

/// What the critical path of a round went into. The nine parts sum to its duration.
struct Anatomy {
  SimTime compute{};         // a gradient, as long as the median worker's
  SimTime straggler{};       // longer than that, and waiting for anything else
  SimTime encode{};          // at the worker; fold and encode at the hub, or at the workers who fold
  SimTime queueing{};        // queueing and contention on the way up
  SimTime air{};             // the message's own bytes at the PHY's rate
  SimTime retransmission{};  // of that, what the cell's frames were sent again
  SimTime closing{};         // from the last block to the message's end
  SimTime downlink{};        // messages down, as a whole
  SimTime decode{};          // decode and apply
  bool operator==(const Anatomy&) const = default;
};

/// What a round's time is explained by.
struct RoundTrace {
  std::vector<Activity> activities;
  std::vector<MessageRecord> up;   // what was on its way to be folded
  std::vector<SimTime> gradients;  // durations
};

/// The air of the message up splits by what is known: with a nominal PHY rate the bytes' own time is `air`, the share
/// that the cell sent again `retransmission`, the rest contention; without one all of it is `air`. An attribution,
/// not a measurement. nullopt where no worker did or got anything.
std::optional<Anatomy> anatomy(RoundTrace trace, const RoundRecord& round, NodeId hub,
                               std::optional<double> phy_rate_mbps);

}  // namespace telegrad::results
