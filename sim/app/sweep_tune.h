#pragma once

#include "sim/app/sweep_run.h"
#include "sim/sweep/grid.h"

namespace telegrad::app {

struct Tuning {
  int code = 0;  // as run_sweep's
  Value about;   // {pointer, values, chosen: {method: value}, trials: [...]}, for the results
};

/// With the first value for each method.
sweep::Grid untuned(sweep::Grid grid);

/// Tries the grid's values for each method over its first network with its first seeds (a sweep of its own, in the
/// folder `tune`), and moves the best into the grid: what reached the highest target first, or, where none did, what
/// was best at the end.
Tuning tune(sweep::Grid& grid, const std::filesystem::path& file, const SweepOptions& options);

}  // namespace telegrad::app
