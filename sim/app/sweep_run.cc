#include "sim/app/sweep_run.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <thread>

#include "sim/app/command_line.h"
#include "sim/app/sweep_estimate.h"
#include "sim/app/sweep_foreman.h"
#include "sim/app/sweep_plan.h"
#include "sim/app/sweep_tune.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"
#include "sim/results/claim.h"
#include "sim/results/recording_file.h"
#include "sim/sweep/status.h"

namespace telegrad::app {
namespace {

/// What is known of the cells before anything runs.
struct Known {
  std::vector<std::size_t> mine;                  // of this shard
  std::map<std::size_t, results::Digest> cached;  // in the store
  std::vector<std::size_t> missing;
};

sweep::Grid checked_grid(const Value& user, const std::filesystem::path& file) {
  std::vector<Problem> problems;
  sweep::Grid grid = sweep::read_grid(user, file, problems);
  if (problems.empty()) return grid;
  locate(problems, user);
  throw ScenarioError(file.string(), std::move(problems));
}

/// Cells that this folder has already, with the key that they have now.
std::set<std::size_t> settled(const SweepPlan& plan, const SweepOptions& options) {
  std::set<std::size_t> cells;
  auto file = sweep::SweepDatabase::file_in(options.folder);
  if (!std::filesystem::exists(file)) return cells;
  auto database = results::Database::open_to_read(file);
  auto rows =
      database.prepare("SELECT cell, key, status FROM cell WHERE status NOT IN ('waiting', 'running')");
  while (rows.step()) {
    auto cell = static_cast<std::size_t>(rows.integer(0));
    if (options.retry_failed && rows.text(2) != "done") continue;
    if (cell < plan.cells().size() && plan.cells()[cell].key == rows.text(1)) cells.insert(cell);
  }
  return cells;
}

Known look_up(const SweepPlan& plan, const sweep::Store& store, const SweepOptions& options) {
  Known known;
  std::set<std::size_t> there = settled(plan, options);
  for (const PlannedCell& cell : plan.cells()) {
    std::size_t number = cell.cell.number;
    if (number % options.shard.of != options.shard.index) continue;
    known.mine.push_back(number);
    if (there.contains(number)) continue;
    if (auto digest = store.find(cell.key)) {
      known.cached.emplace(number, std::move(*digest));
    } else {
      known.missing.push_back(number);
    }
  }
  return known;
}

/// A recording that cannot be read is made again.
void weed(const std::vector<sweep::Job>& jobs, const sweep::Store& store) {
  std::set<std::string> seen;
  for (const sweep::Job& job : jobs) {
    if (job.recording.empty() || !seen.insert(job.recording).second || !store.has_recording(job.recording))
      continue;
    try {
      results::read_recording(store.recording(job.recording));
    } catch (const RunError& error) {
      store.set_aside(store.recording(job.recording), error.what());
    }
  }
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
  database.add_cells(rows(plan, known));
  for (const auto& [number, digest] : known.cached) {
    database.set_done({number}, digest, "cached", plan.judging());
    describe(database, digest);
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

}  // namespace

int run_sweep(const Value& user, const std::filesystem::path& file, const SweepOptions& options) {
  sweep::Grid grid = checked_grid(user, file);
  const Value base = grid.base;
  unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  unsigned processes = options.processes > 0 ? options.processes : cores;
  Value tuned;
  if (grid.tune) {
    Tuning tuning = tune(grid, file, options);
    if (tuning.code != kDone) return tuning.code;
    tuned = tuning.about;
  }
  SweepPlan plan(std::move(grid), file);
  sweep::Store store(options.store, [](const std::string& notice) { spdlog::warn("{}", notice); });
  Known known = look_up(plan, store, options);
  plan.check(known.missing);
  unsigned threads = std::max(1u, cores / processes);
  weed(plan.jobs(known.missing, store, threads), store);
  std::vector<sweep::Job> jobs = plan.jobs(known.missing, store, threads);
  SweepEstimate expected = estimate(plan, jobs, known.cached.size(), processes);
  if (options.dry_run) {
    std::fputs(estimate_page(plan, jobs, expected).c_str(), stdout);
    return kDone;
  }
  if (expected.wall_s > kMostWall_s && !options.yes) {
    std::fputs(estimate_page(plan, jobs, expected).c_str(), stderr);
    std::fprintf(stderr, "telegrad: that is long; go on with --yes\n");
    return kWrongUsage;
  }
  results::Claim claim(options.folder);
  sweep::SweepDatabase database(options.folder);
  if (!database.notice().empty()) spdlog::warn("{}", database.notice());
  database.set_meta("request", request(user, base, file, options.shard));
  fill_in(database, plan, known, tuned, processes);
  int signal = 0;
  if (!jobs.empty()) {
    database.add_jobs(jobs);
    spdlog::info("{} cells, {} cached; {} processes; {}", known.mine.size(), known.cached.size(), processes,
                 options.folder.string());
    SweepForeman foreman(options.folder, database, store, plan.judging(), plan.grid().limits, processes);
    signal = sweep::Engine(std::move(jobs), processes, foreman).run();
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
