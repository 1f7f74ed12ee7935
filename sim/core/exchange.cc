#include "sim/core/exchange.h"

#include <algorithm>

#include "sim/core/errors.h"

namespace telegrad {

Payload piece(const Payload& payload, std::uint32_t s, std::uint32_t n) {
  const std::size_t blocks = payload.blocks().size();
  expect(s < n && blocks % n == 0, "an encoder makes a multiple of `pieces` blocks");
  return payload.slice(blocks / n * s, blocks / n * (s + 1));
}

const char* to_string(Shape shape) {
  switch (shape) {
    case Shape::local: return "local";
    case Shape::sliceable: return "sliceable";
    case Shape::associative: return "associative";
    case Shape::linear: return "linear";
  }
  return "unknown";
}

std::uint32_t Wait::enough(std::uint32_t invited) const {
  if (quorum > 0) return std::min(quorum, invited);
  return invited > backup ? invited - backup : 1;
}

Task<Reduced> Exchange::follow() {
  expect(false, "an exchange with a hub");
  co_return Reduced{};
}

Task<Invitation> Exchange::invitation() {
  expect(false, "an exchange with a hub");
  co_return Invitation{};
}

End::End(const Host& host, NodeId node) : host_(host), node_(node), jitter_(host.devices.jitter(node, 0)) {}

void End::begin(std::uint64_t round) {
  round_ = round;
  jitter_ = host_.devices.jitter(node_, round);
}

SimTime End::charge(Phase phase, const Cost& cost) {
  SimTime duration = host_.devices.duration(node_, phase, cost, jitter_);
  SimTime from = host_.network.now();
  if (duration > SimTime::zero()) host_.observer.span(node_, round_, phase, from, from + duration);
  return duration;
}

}  // namespace telegrad
