#include "training/schedules/schedule.h"

namespace telegrad::training {

Schedule make_schedule(const Value& resolved) {
  Schedule steady = schedules().make(resolved);
  auto warmup = static_cast<std::uint64_t>(resolved["warmup_rounds"].integer());
  return [steady = std::move(steady), warmup](std::uint64_t round) {
    double factor = steady(round);
    if (round > warmup) return factor;
    return factor * static_cast<double>(round) / static_cast<double>(warmup + 1);
  };
}

Parameter warmup_parameter() {
  return integer("warmup_rounds", "rounds in which the learning rate rises linearly to its full value")
      .in(0, 1e9)
      .otherwise(0);
}

}  // namespace telegrad::training
