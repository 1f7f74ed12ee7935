#include "sim/core/types.h"

namespace telegrad {

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::delivered: return "delivered";
    case Outcome::partial: return "partial";
    case Outcome::lost: return "lost";
    case Outcome::failed: return "failed";
  }
  return "unknown";
}

const char* to_string(Fate fate) {
  switch (fate) {
    case Fate::applied: return "applied";
    case Fate::partly: return "partly";
    case Fate::missing: return "missing";
    case Fate::dropped: return "dropped";
    case Fate::returned: return "returned";
    case Fate::deferred: return "deferred";
  }
  return "unknown";
}

const char* to_string(Phase phase) {
  switch (phase) {
    case Phase::gradient: return "gradient";
    case Phase::encode: return "encode";
    case Phase::queue: return "queue";
    case Phase::air: return "air";
    case Phase::closing: return "closing";
    case Phase::wait: return "wait";
    case Phase::fold: return "fold";
    case Phase::decode: return "decode";
    case Phase::apply: return "apply";
  }
  return "unknown";
}

}  // namespace telegrad
