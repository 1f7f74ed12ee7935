#pragma once

#include <string>
#include <vector>

#include "sim/app/sweep_plan.h"

namespace telegrad::app {

inline constexpr double kMostWall_s = 3600;  // longer sweeps want --yes

/// What a sweep will take on this host, roughly.
struct SweepEstimate {
  std::size_t recordings = 0, replayed = 0, coupled = 0, cached = 0;
  double packets = 0;  // of full size, both ways, acknowledgements not counted
  double wall_s = 0;
  double memory_mb = 0;  // of all processes together
  double disk_mb = 0;    // in the store and in sweep.db
};

SweepEstimate estimate(const SweepPlan& plan, const std::vector<sweep::Job>& jobs, std::size_t cached,
                       unsigned processes);
std::string estimate_page(const SweepPlan& plan, const std::vector<sweep::Job>& jobs,
                          const SweepEstimate& expected);

}  // namespace telegrad::app
