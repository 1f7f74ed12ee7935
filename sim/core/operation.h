#pragma once

#include <cstdint>
#include <utility>

#include "sim/core/payload.h"
#include "sim/core/types.h"

namespace telegrad {

/// What a piece of host work would cost on a device: arithmetic of a model or an autoencoder, bytes read and written
/// by codecs.
struct Cost {
  double flops = 0;
  double bytes = 0;
  double seconds = 0;  // measured on the device itself: taken as it is, whatever the profile
  bool operator==(const Cost&) const = default;
};

/// What an exchange may do with a fold. linear: coordinate-wise, may be sliced and hopped. associative: partial
/// results may be folded again. sliceable: slice owners fold all of their slice. local: all payloads together.
enum class Shape : std::uint8_t { local, sliceable, associative, linear };

const char* to_string(Shape shape);

/// One thing that a node's training did to its exchange: the whole of what a network can feel of it. Durations
/// are not in it; a device profile makes them anew from the cost.
struct Operation {
  enum class Kind : std::uint8_t {
    work,      // phase, cost
    reduce,    // payload, shape of the fold
    fold,      // cost, and the payload that it came to: on the way, at a node that is no hub
    finish,    // likewise
    collect,   // at a hub
    publish,   // payload; at a hub
    share,     // origin, and the payload of the node that shares
    finished,  // a learner's round, with its loss
    served,    // the hub's round
    invite,    // payload, and to how many; at a hub
  };

  static bool has_payload(Kind kind) {
    return kind == Kind::reduce || kind == Kind::fold || kind == Kind::finish || kind == Kind::publish ||
           kind == Kind::share || kind == Kind::invite;
  }
  static bool has_cost(Kind kind) { return kind == Kind::work || kind == Kind::fold || kind == Kind::finish; }

  explicit Operation(Kind sort) : kind(sort) {}
  Operation(Kind sort, Payload what, Rank from = {}) : kind(sort), origin(from), payload(std::move(what)) {}
  Operation(Phase where, const Cost& much) : phase(where), cost(much) {}
  /// A fold or its finish: what it cost and came to.
  Operation(Kind sort, Phase where, const Cost& much, Payload what)
      : kind(sort), phase(where), cost(much), payload(std::move(what)) {}
  /// A reduction.
  Operation(Payload what, Shape of) : kind(Kind::reduce), shape(of), payload(std::move(what)) {}

  Kind kind = Kind::work;
  Phase phase = Phase::gradient;
  Cost cost;
  Rank origin;
  Shape shape = Shape::local;
  double loss = 0;
  Payload payload;
};

}  // namespace telegrad
