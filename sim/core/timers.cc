// The clock half of Network: timers, and the time in which the backend's clock stands still.

#include <algorithm>

#include "sim/core/network.h"

namespace telegrad {
namespace {

// Slots of no timer: theirs have a generation, from 1, in the upper half.
constexpr std::uint64_t kRunFrozen = 0;
constexpr std::uint64_t kHorizon = 1;

}  // namespace

Network::Slot Network::arm(Waiter* waiter, SimTime when) {
  std::uint32_t index = 0;
  if (free_timers_.empty()) {
    index = static_cast<std::uint32_t>(timers_.size());
    timers_.emplace_back();
  } else {
    index = free_timers_.back();
    free_timers_.pop_back();
  }
  Timer& timer = timers_[index];
  timer.waiter = waiter;
  timer.when = when;
  timer.order = armings_++;
  ++armed_;
  Slot slot = (Slot{timer.generation} << 32) | index;
  if (frozen_) {
    due_.push({when, timer.order, slot});
  } else {
    at(when - skipped_, slot);
  }
  return slot;
}

void Network::disarm(Slot slot) {
  Timer& timer = timers_[static_cast<std::uint32_t>(slot)];
  if (timer.generation != slot >> 32) return;
  timer.waiter = nullptr;
  ++timer.generation;
  --armed_;
  free_timers_.push_back(static_cast<std::uint32_t>(slot));
}

void Network::fire(Slot slot) {
  if (slot == kRunFrozen) return run_frozen();
  if (slot == kHorizon) {
    if (now() >= horizon_) halt();
    return;
  }
  Timer& timer = timers_[static_cast<std::uint32_t>(slot)];
  if (timer.generation != slot >> 32 || failure_) return;
  Waiter* waiter = timer.waiter;
  waiter->disarm();
  progress();
  if (!stopped()) waiter->woken();
}

void Network::freeze() {
  frozen_at_ = now();
  frozen_ = true;
  rearm_all();
  at(clock(), kRunFrozen);
}

void Network::thaw() {
  skipped_ = frozen_at_ - clock();
  frozen_ = false;
  due_ = {};
  rearm_all();
  if (horizon_ != kNever) at(horizon_ - skipped_, kHorizon);
}

void Network::rearm_all() {
  std::vector<Timer> armed;
  for (const Timer& timer : timers_) {
    if (timer.waiter != nullptr) armed.push_back(timer);
  }
  std::sort(armed.begin(), armed.end(), [](const Timer& a, const Timer& b) {
    return a.when != b.when ? a.when < b.when : a.order < b.order;
  });
  for (const Timer& timer : armed) timer.waiter->arm(timer.when);
}

/// All of it within one event of the backend.
void Network::run_frozen() {
  while (frozen_ && !due_.empty() && !finished_ && !failure_ && !stopped()) {
    Due next = due_.top();
    if (next.when > horizon_) {
      frozen_at_ = horizon_;
      return halt();
    }
    due_.pop();
    const Timer& timer = timers_[static_cast<std::uint32_t>(next.slot)];
    if (timer.generation != next.slot >> 32) continue;  // disarmed; it must not move the clock
    frozen_at_ = next.when;
    fire(next.slot);
  }
}

}  // namespace telegrad
