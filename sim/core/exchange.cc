#include "sim/core/exchange.h"

namespace telegrad {

End::End(const Host& host, NodeId node) : host_(host), node_(node), jitter_(host.devices.jitter(node, 0)) {}

void End::begin(std::uint64_t round) {
  round_ = round;
  jitter_ = host_.devices.jitter(node_, round);
}

SimTime End::charge(Phase phase, const Cost& cost) {
  tell(Operation(phase, cost));
  SimTime duration = host_.devices.duration(node_, phase, cost, jitter_);
  SimTime from = host_.network.now();
  if (duration > SimTime::zero()) host_.observer.span(node_, round_, phase, from, from + duration);
  return duration;
}

}  // namespace telegrad
