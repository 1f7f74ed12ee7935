#pragma once

#include <vector>

#include "sim/core/types.h"
#include "sim/results/database.h"

namespace telegrad::results {

/// A piece of simulated time: what it went into, and at which node (of a message: at its sender).
struct Segment {
  Phase phase = Phase::wait;
  NodeId node;
  SimTime begin{};
  SimTime end{};
  Leg leg = Leg::up;  // of a message
  bool operator==(const Segment&) const = default;
};

/// What ends at `end` at `node` and was caused by what `origin` had done at `begin`: a computation, where both are
/// one node, or a message. parts: in time, without gaps.
struct Activity {
  NodeId node;
  NodeId origin;
  SimTime begin{};
  SimTime end{};
  std::vector<Segment> parts;
};

Activity computation(NodeId node, Phase phase, SimTime begin, SimTime end);

/// A message: queue, air, closing. Without a first byte (sent is kNever) all of it is queue; without a data block
/// at the receiver (arrived is kNever) what is left is closing.
Activity transfer(NodeId from, NodeId to, SimTime queued, SimTime sent, SimTime arrived, SimTime delivered,
                  Leg leg = Leg::up);

/// The chain of causes that made a round as long as it was, walked back from what ended last at `node`: apply,
/// decode, the message down, the hub's encode and fold, the last message up, its sender's encode and gradient; where
/// workers fold, as many messages and folds as there are hops.
/// The cause of what a node does is what ended there last, a message before a computation; time between the two
/// is `wait`. The segments, in time, cover (begin, end] exactly. The same definition as analysis/critical_path.py.
std::vector<Segment> critical_path(std::vector<Activity> activities, NodeId node, SimTime begin, SimTime end);

/// That of one round in a database; empty where nobody applied anything in it. begin, end: the round's.
std::vector<Segment> critical_path(const Database& database, std::uint64_t round, SimTime begin, SimTime end);

}  // namespace telegrad::results
