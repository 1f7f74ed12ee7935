#pragma once

#include <map>
#include <vector>

#include "sim/app/sweep_plan.h"
#include "sim/app/sweep_run.h"

namespace telegrad::app {

/// What is known of the cells before anything runs.
struct Known {
  std::vector<std::size_t> mine;                  // of this shard
  std::map<std::size_t, results::Digest> cached;  // in the store, less what the folder has
  std::vector<std::size_t> missing;
};

/// From the folder of the sweep, should it go on, and from the store.
Known look_up(const SweepPlan& plan, const sweep::Store& store, const SweepOptions& options);

}  // namespace telegrad::app
