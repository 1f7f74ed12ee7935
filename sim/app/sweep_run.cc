#include "sim/app/sweep_run.h"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <optional>

#include "sim/app/command_line.h"
#include "sim/app/sweep_foreman.h"
#include "sim/app/sweep_prepared.h"
#include "sim/app/sweep_tune.h"
#include "sim/core/errors.h"
#include "sim/results/claim.h"
#include "sim/sweep/status.h"

namespace telegrad::app {
namespace {

std::vector<sweep::CellRow> rows(SweepPlan& plan, const Known& known) {
  std::vector<sweep::CellRow> all;
  for (std::size_t number : known.mine) {
    const PlannedCell& cell = plan.cells()[number];
    auto cached = known.cached.find(number);
    all.push_back(cached == known.cached.end() ? plan.row(cell)
                                               : plan.row(cell, cached->second.link_dependence));
  }
  return all;
}

void fill_in(sweep::SweepDatabase& database, PreparedSweep& sweep, const Value& tuned, unsigned processes) {
  for (Member& member : sweep.plan.meta()) database.set_meta(member.key, member.value);
  database.set_meta("tune", tuned);
  database.set_meta("processes", std::int64_t{processes});
  if (std::size_t lost = database.add_cells(rows(sweep.plan, sweep.known)); lost > 0) {
    spdlog::warn("{} finished cells were made by another binary, other data or another grid: computed again",
                 lost);
  }
  for (const auto& [number, digest] : sweep.known.cached) {
    database.set_done({number}, digest, "cached", sweep.plan.judging());
  }
}

/// What `resume` asks for again: the grid as it was, with its base in it, should files change.
Value request(const Value& user, const Value& base, const std::filesystem::path& file, const Shard& shard) {
  Value grid = user;
  grid.set("base", base);
  return Value::Object{{"grid", std::move(grid)},
                       {"file", file.string()},
                       {"shard", std::int64_t{shard.index}},
                       {"of", std::int64_t{shard.of}}};
}

/// kDone, kSomeFailed, or 128 + the signal that ended it. The folder is claimed.
int carry_out(PreparedSweep& sweep, const Value& tuned, const SweepOptions& options, sweep::Store& store) {
  sweep::SweepDatabase database(options.folder);
  if (!database.notice().empty()) spdlog::warn("{}", database.notice());
  fill_in(database, sweep, tuned, options.processes);
  int signal = 0;
  if (!sweep.jobs.empty()) {
    database.add_jobs(sweep.jobs);
    spdlog::info("{} cells, {} cached; {} processes; {}", sweep.known.mine.size(), sweep.known.cached.size(),
                 options.processes, options.folder.string());
    SweepForeman foreman(options.folder, database, store, sweep.plan.judging(), sweep.plan.grid().limits,
                         options.processes);
    signal = sweep::Engine(std::move(sweep.jobs), options.processes, foreman).run();
    database.nothing_runs();
  }
  std::fputs(sweep::status_page(database.database(), false).c_str(), stdout);
  if (signal != 0) return 128 + signal;
  sweep::Counts found = sweep::counts(database.database());
  return found.failed + found.set_aside > 0 ? kSomeFailed : kDone;
}

/// Learning rates tried before the grid itself.
struct Trials {
  Value user;
  SweepOptions options;
  PreparedSweep sweep;

  /// From now on the best can be chosen.
  bool finished() const { return sweep.known.missing.empty(); }

  /// As carry_out; one that fails, as a rate that diverges does, is no failure of the trials.
  int run(const std::filesystem::path& file, sweep::Store& store) {
    results::Claim claim(options.folder);
    sweep::SweepDatabase(options.folder)
        .set_meta("request", request(user, user["base"], file, options.shard));
    int code = carry_out(sweep, Value(), options, store);
    if (!finished()) sweep.known = look_up(sweep.plan, store, options);
    return code == kSomeFailed ? kDone : code;
  }
};

Trials prepare_trials(const sweep::Grid& grid, const std::filesystem::path& file, const SweepOptions& options,
                      const sweep::Store& store) {
  Value user = trial_grid(grid);
  SweepOptions own = trial_options(options);
  try {
    PreparedSweep sweep = prepare(checked_grid(user, file), file, own, store);
    return {std::move(user), std::move(own), std::move(sweep)};
  } catch (const ScenarioError&) {
    prepare(untuned(grid), file, options, store);  // the same mistakes, where they stand in the user's file
    throw;
  }
}

}  // namespace

int run_sweep(const Value& user, const std::filesystem::path& file, const SweepOptions& options) {
  sweep::Grid grid = checked_grid(user, file);
  const Value again = request(user, grid.base, file, options.shard);
  sweep::Store store(options.store, [](const std::string& notice) { spdlog::warn("{}", notice); });
  std::optional<Trials> trials;
  if (grid.tune) trials = prepare_trials(grid, file, options, store);
  bool chosen = trials && trials->finished();
  Value tuned = chosen ? choose(grid, trials->sweep) : Value();
  // Before its trials a grid is expected to take as long as with any other learning rates.
  PreparedSweep sweep = prepare(trials && !chosen ? untuned(grid) : grid, file, options, store);
  std::string page = (trials ? trials->sweep.page() : "") + sweep.page();
  if (options.dry_run) {
    std::fputs(page.c_str(), stdout);
    return kDone;
  }
  double wall_s = sweep.expected.wall_s + (trials ? trials->sweep.expected.wall_s : 0);
  if (wall_s > kMostWall_s && !options.yes) {
    std::fprintf(stderr, "%stelegrad: that is long; go on with --yes\n", page.c_str());
    return kWrongUsage;
  }
  results::Claim claim(options.folder);
  sweep::SweepDatabase(options.folder).set_meta("request", again);
  if (trials) {
    if (int code = trials->run(file, store); code != kDone) return code;
    if (!chosen) {
      tuned = choose(grid, trials->sweep);
      sweep = prepare(std::move(grid), file, options, store);
    }
  }
  return carry_out(sweep, tuned, options, store);
}

}  // namespace telegrad::app
