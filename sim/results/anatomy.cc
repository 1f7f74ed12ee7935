#include "sim/results/anatomy.h"

#include <algorithm>

namespace telegrad::results {
namespace {

SimTime median(std::vector<SimTime> durations) {
  if (durations.empty()) return SimTime::zero();
  auto middle = durations.begin() + static_cast<std::ptrdiff_t>((durations.size() - 1) / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  return *middle;
}

/// Bytes sent again for each byte sent once.
double resent(const std::optional<OnAir>& on_air) {
  if (!on_air || on_air->up <= on_air->retransmitted_up) return 0;
  return static_cast<double>(on_air->retransmitted_up) /
         static_cast<double>(on_air->up - on_air->retransmitted_up);
}

/// Lays the segments of a path to its parts.
class Account {
 public:
  Account(const RoundTrace& trace, double again, std::optional<double> phy_rate_mbps)
      : trace_(trace), again_(again), rate_(phy_rate_mbps), usual_(median(trace.gradients)) {}

  void add(const Segment& segment) {
    SimTime duration = segment.end - segment.begin;
    switch (segment.phase) {
      case Phase::gradient: {
        SimTime usual = std::min(duration, usual_);
        parts_.compute += usual;
        parts_.straggler += duration - usual;
        break;
      }
      case Phase::encode:
      case Phase::fold: parts_.encode += duration; break;
      case Phase::decode:
      case Phase::apply: parts_.decode += duration; break;
      case Phase::queue: (segment.leg == Leg::down ? parts_.downlink : parts_.queueing) += duration; break;
      case Phase::closing: (segment.leg == Leg::down ? parts_.downlink : parts_.closing) += duration; break;
      case Phase::air:
        if (segment.leg == Leg::down) {
          parts_.downlink += duration;
        } else {
          travel(segment);
        }
        break;
      default: parts_.straggler += duration;
    }
  }

  const Anatomy& parts() const { return parts_; }

 private:
  void travel(const Segment& segment) {
    SimTime duration = segment.end - segment.begin;
    auto bytes = bytes_of(segment);
    if (!rate_ || !bytes) {
      parts_.air += duration;
      return;
    }
    SimTime air = std::min(duration, from_seconds(*bytes * 8 / (*rate_ * 1e6)));
    SimTime retransmission = std::min(duration - air, from_seconds(seconds(air) * again_));
    parts_.air += air;
    parts_.retransmission += retransmission;
    parts_.queueing += duration - air - retransmission;
  }

  std::optional<double> bytes_of(const Segment& segment) const {
    for (const MessageRecord& message : trace_.up) {
      bool covers = message.from == segment.node && message.sent <= segment.begin &&
                    (message.arrived == kNever || segment.end <= message.arrived);
      if (covers) return static_cast<double>(message.bytes + message.control_bytes);
    }
    return std::nullopt;
  }

  const RoundTrace& trace_;
  double again_;
  std::optional<double> rate_;
  SimTime usual_;
  Anatomy parts_;
};

/// The worker where the round ended: at which something ended last, of several the lowest.
std::optional<NodeId> last_worker(const RoundTrace& trace, const RoundRecord& round, NodeId hub) {
  const Activity* last = nullptr;
  for (const Activity& activity : trace.activities) {
    if (activity.node == hub || activity.end > round.end) continue;
    if (last == nullptr || activity.end > last->end ||
        (activity.end == last->end && activity.node < last->node)) {
      last = &activity;
    }
  }
  return last == nullptr ? std::nullopt : std::optional(last->node);
}

}  // namespace

std::optional<Anatomy> anatomy(RoundTrace trace, const RoundRecord& round, NodeId hub,
                               std::optional<double> phy_rate_mbps) {
  auto last = last_worker(trace, round, hub);
  if (!last) return std::nullopt;
  auto path = critical_path(std::move(trace.activities), *last, round.begin, round.end);
  Account account(trace, resent(round.on_air), phy_rate_mbps);
  for (const Segment& segment : path) account.add(segment);
  return account.parts();
}

}  // namespace telegrad::results
