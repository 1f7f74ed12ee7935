#include "sim/app/sweep_run.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <thread>

#include "sim/app/command_line.h"
#include "sim/app/sweep_estimate.h"
#include "sim/app/sweep_foreman.h"
#include "sim/app/sweep_known.h"
#include "sim/app/sweep_plan.h"
#include "sim/app/sweep_tune.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "sim/results/claim.h"
#include "sim/sweep/status.h"

namespace telegrad::app {
namespace {

sweep::Grid checked_grid(const Value& user, const std::filesystem::path& file) {
  std::vector<Problem> problems;
  sweep::Grid grid = sweep::read_grid(user, file, problems);
  if (problems.empty()) return grid;
  locate(problems, user);
  throw ScenarioError(file.string(), std::move(problems));
}

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

/// Sentences of all cells, each once.
void describe(sweep::SweepDatabase& database, const results::Digest& digest) {
  auto add = [&](const char* key, const std::vector<std::string>& sentences) {
    Value known = database.meta(key);
    bool more = false;
    for (const std::string& sentence : sentences) {
      Value one(sentence);
      auto& items = known.items();
      if (std::find(items.begin(), items.end(), one) != items.end()) continue;
      items.push_back(std::move(one));
      more = true;
    }
    if (more) database.set_meta(key, known);
  };
  add("assumptions", digest.assumptions);
  add("not_modelled", digest.not_modelled);
  add("warnings", digest.warnings);
}

void fill_in(sweep::SweepDatabase& database, SweepPlan& plan, const Known& known, const Value& tuned,
             unsigned processes) {
  Value::Object meta = plan.meta();
  for (Member& member : meta) {
    bool kept = (member.key == "assumptions" || member.key == "not_modelled" || member.key == "warnings") &&
                database.meta(member.key).is_array();
    if (!kept) database.set_meta(member.key, member.value);
  }
  database.set_meta("tune", tuned);
  database.set_meta("processes", std::int64_t{processes});
  if (std::size_t lost = database.add_cells(rows(plan, known)); lost > 0) {
    spdlog::warn("{} finished cells were made by another binary, other data or another grid: computed again",
                 lost);
  }
  for (const auto& [number, digest] : known.cached) {
    database.set_done({number}, digest, "cached", plan.judging());
    describe(database, digest);
  }
}

struct Expectation {
  double wall_s = 0;
  std::string page;
};

Expectation expectation_of(const SweepPlan& plan, const std::vector<sweep::Job>& jobs, std::size_t cached,
                           unsigned processes) {
  SweepEstimate expected = estimate(plan, jobs, cached, processes);
  return {expected.wall_s, estimate_page(plan, jobs, expected)};
}

/// A grid that is to be tuned, as it is before: its mistakes and its cost are told before anything is tried.
Expectation preview(sweep::Grid grid, const std::filesystem::path& file, const SweepOptions& options,
                    unsigned processes) {
  SweepPlan plan(std::move(grid), file);
  sweep::Store store(options.store, [](const std::string&) {});
  Known known = look_up(plan, store, options);
  plan.check(known.missing);
  return expectation_of(plan, plan.jobs(known.missing, store, 1), known.cached.size(), processes);
}

/// Tells the user if so.
bool too_long(const Expectation& expected, const SweepOptions& options) {
  if (expected.wall_s <= kMostWall_s || options.yes) return false;
  std::fputs(expected.page.c_str(), stderr);
  std::fprintf(stderr, "telegrad: that is long; go on with --yes\n");
  return true;
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

}  // namespace

int run_sweep(const Value& user, const std::filesystem::path& file, const SweepOptions& options) {
  sweep::Grid grid = checked_grid(user, file);
  const Value again = request(user, grid.base, file, options.shard);
  unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  unsigned processes = options.processes > 0 ? options.processes : cores;
  unsigned threads = std::max(1u, cores / processes);
  std::optional<results::Claim> claim;
  Value tuned;
  if (grid.tune) {
    Expectation whole = preview(untuned(grid), file, options, processes);
    if (!options.dry_run) {
      if (too_long(whole, options)) return kWrongUsage;
      claim.emplace(options.folder);
      sweep::SweepDatabase(options.folder).set_meta("request", again);
    }
    Tuning tuning = tune(grid, file, options);
    if (tuning.code != kDone) return tuning.code;
    tuned = tuning.about;
  }
  SweepPlan plan(std::move(grid), file);
  sweep::Store store(options.store, [](const std::string& notice) { spdlog::warn("{}", notice); });
  Known known = look_up(plan, store, options);
  plan.check(known.missing);
  weed(plan.jobs(known.missing, store, threads), store);
  std::vector<sweep::Job> jobs = plan.jobs(known.missing, store, threads);
  Expectation expected = expectation_of(plan, jobs, known.cached.size(), processes);
  if (options.dry_run) {
    std::fputs(expected.page.c_str(), stdout);
    return kDone;
  }
  if (!claim) {
    if (too_long(expected, options)) return kWrongUsage;
    claim.emplace(options.folder);
  }
  sweep::SweepDatabase database(options.folder);
  if (!database.notice().empty()) spdlog::warn("{}", database.notice());
  database.set_meta("request", again);
  fill_in(database, plan, known, tuned, processes);
  int signal = 0;
  if (!jobs.empty()) {
    database.add_jobs(jobs);
    spdlog::info("{} cells, {} cached; {} processes; {}", known.mine.size(), known.cached.size(), processes,
                 options.folder.string());
    SweepForeman foreman(options.folder, database, store, plan.judging(), plan.grid().limits, processes);
    signal = sweep::Engine(std::move(jobs), processes, foreman).run();
    database.nothing_runs();
    for (std::size_t number : known.missing) {
      if (auto digest = store.find(plan.cells()[number].key)) describe(database, *digest);
    }
  }
  std::fputs(sweep::status_page(database.database(), false).c_str(), stdout);
  if (signal != 0) return 128 + signal;
  sweep::Counts found = sweep::counts(database.database());
  return found.failed + found.set_aside > 0 ? kSomeFailed : kDone;
}

}  // namespace telegrad::app
