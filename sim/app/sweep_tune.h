#pragma once

#include "sim/app/sweep_prepared.h"
#include "sim/sweep/grid.h"

namespace telegrad::app {

/// The grid of the trials, as a user would write it: the values for each method over its first network with its first
/// seeds.
Value trial_grid(const sweep::Grid& grid);

/// The trials are a sweep of their own, in the folder `tune`.
SweepOptions trial_options(const SweepOptions& options);

/// With the first value for each method.
sweep::Grid untuned(sweep::Grid grid);

/// Moves the best value of each method into the grid: what reached the highest target first, or, where none did, what
/// was best at the end; what failed is never better. Returns {pointer, values, chosen: {method: value}, trials: [...]},
/// for the results.
Value choose(sweep::Grid& grid, const PreparedSweep& tried);

}  // namespace telegrad::app
