#pragma once

#include <cstdint>
#include <functional>

#include "sim/core/registry.h"

namespace telegrad::training {

/// The factor of the learning rate in a round (rounds count from 1).
using Schedule = std::function<double(std::uint64_t round)>;
using MakeSchedule = std::function<Schedule(const Value& resolved)>;
const Registry<MakeSchedule>& schedules();

/// The schedule of a resolved object, warm-up included: in round r of the first w the factor is r / (w + 1) of
/// what it would be (Goyal et al. 2017).
Schedule make_schedule(const Value& resolved);

/// The parameter `warmup_rounds` that every schedule has.
Parameter warmup_parameter();

}  // namespace telegrad::training
