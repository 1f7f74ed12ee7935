#pragma once

#include <cstdint>
#include <utility>

#include "sim/core/payload.h"
#include "sim/core/types.h"

namespace telegrad {

/// What a piece of host work would cost on a device: arithmetic of the model, bytes read and written by codecs.
struct Cost {
  double flops = 0;
  double bytes = 0;
  double seconds = 0;  // measured on the device itself: taken as it is, whatever the profile
  bool operator==(const Cost&) const = default;
};

/// One thing that a node's training did to its exchange: the whole of what a network can feel of it. Durations
/// are not in it; a device profile makes them anew from the cost.
struct Operation {
  enum class Kind : std::uint8_t {
    work,      // phase, cost
    reduce,    // payload
    collect,   // at a hub
    publish,   // payload; at a hub
    share,     // origin, and the payload of the node that shares
    finished,  // a learner's round, with its loss
    served,    // the hub's round
  };

  explicit Operation(Kind sort) : kind(sort) {}
  Operation(Kind sort, Payload what, Rank from = {}) : kind(sort), origin(from), payload(std::move(what)) {}
  Operation(Phase where, const Cost& much) : phase(where), cost(much) {}

  Kind kind = Kind::work;
  Phase phase = Phase::gradient;
  Cost cost;
  Rank origin;
  double loss = 0;
  Payload payload;
};

}  // namespace telegrad
