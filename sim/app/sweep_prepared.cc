#include "sim/app/sweep_prepared.h"

#include <algorithm>
#include <thread>

#include "sim/core/resolve.h"

namespace telegrad::app {

sweep::Grid checked_grid(const Value& user, const std::filesystem::path& file) {
  std::vector<Problem> problems;
  sweep::Grid grid = sweep::read_grid(user, file, problems);
  if (problems.empty()) return grid;
  locate(problems, user);
  throw ScenarioError(file.string(), std::move(problems));
}

PreparedSweep prepare(sweep::Grid grid, const std::filesystem::path& file, const SweepOptions& options,
                      const sweep::Store& store) {
  PreparedSweep sweep{SweepPlan(std::move(grid), file), {}, {}, {}};
  sweep.known = look_up(sweep.plan, store, options);
  sweep.plan.check(sweep.known.missing);
  unsigned threads = std::max(1u, std::thread::hardware_concurrency() / options.processes);
  sweep.jobs = sweep.plan.jobs(sweep.known.missing, store, threads);
  sweep.expected = estimate(sweep.plan, sweep.jobs, sweep.known.cached.size(), options.processes);
  return sweep;
}

}  // namespace telegrad::app
