#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/app/sweep_estimate.h"
#include "sim/app/sweep_known.h"
#include "sim/app/sweep_plan.h"
#include "sim/app/sweep_run.h"

namespace telegrad::app {

/// A sweep before anything of it is written.
struct PreparedSweep {
  SweepPlan plan;
  Known known;
  std::vector<sweep::Job> jobs;  // for what is missing
  SweepEstimate expected;

  std::string page() const { return estimate_page(plan, jobs, expected); }
};

/// Throws ScenarioError with what is wrong with the grid.
sweep::Grid checked_grid(const Value& user, const std::filesystem::path& file);

/// Throws ScenarioError with what is wrong with any cell that is missing. Where none is, nothing is built.
PreparedSweep prepare(sweep::Grid grid, const std::filesystem::path& file, const SweepOptions& options,
                      const sweep::Store& store);

}  // namespace telegrad::app
