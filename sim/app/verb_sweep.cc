#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "sim/app/command_line.h"
#include "sim/app/free_folder.h"
#include "sim/app/report.h"
#include "sim/app/sweep_run.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"
#include "sim/core/override.h"
#include "sim/core/resolve.h"
#include "sim/results/folder.h"
#include "sim/sweep/database.h"
#include "sim/sweep/store.h"

namespace telegrad::app {
namespace {

struct Options {
  ScenarioOptions grid;
  std::string out;
  std::string store;
  std::string shard;
  unsigned processes = 0;
  bool dry_run = false;
  bool yes = false;
  bool no_report = false;
  bool retry_failed = false;
};

void add_common(CLI::App& verb, Options& options) {
  verb.add_option("-j,--jobs", options.processes, "processes at a time; left out: one for each core")
      ->check(CLI::Range(1, 1024));
  verb.add_option("--store", options.store,
                  "finished cells of all sweeps; left out: $TELEGRAD_STORE, else a cache");
  verb.add_flag("--yes", options.yes, "go on, however long it takes");
  verb.add_flag("--no-report", options.no_report, "make no pictures and no page");
}

Value read_user(const Options& options) {
  Parsed parsed = read_json(options.grid.file);
  std::vector<Problem> problems = std::move(parsed.problems);
  Overrides overrides(options.grid.overrides);
  if (parsed.complete) overrides.apply(parsed.value, problems);
  if (problems.empty()) return std::move(parsed.value);
  locate(problems, parsed.value);
  overrides.blame(problems);
  throw ScenarioError(options.grid.file, std::move(problems));
}

/// "2/5"; where it is left out, that of a Slurm array's task. Counts from 1, Slurm's tasks too where its minimum is 1.
Shard shard_of(const std::string& given) {
  auto number = [](const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
  };
  Shard shard;
  if (!given.empty()) {
    unsigned index = 0;
    char rest = 0;
    bool fits = std::sscanf(given.c_str(), "%u/%u%c", &index, &shard.of, &rest) == 2;
    if (!fits || index < 1 || index > shard.of)
      throw CLI::ValidationError("--shard", "expected I/N, as in 2/5");
    shard.index = index - 1;
  } else if (std::getenv("SLURM_ARRAY_TASK_ID") != nullptr) {
    shard.of = std::max(1u, number("SLURM_ARRAY_TASK_COUNT", 1));
    unsigned step = std::max(1u, number("SLURM_ARRAY_TASK_STEP", 1));
    shard.index = (number("SLURM_ARRAY_TASK_ID", 0) - number("SLURM_ARRAY_TASK_MIN", 0)) / step % shard.of;
  }
  return shard;
}

SweepOptions to_run(const Options& options, const std::filesystem::path& folder) {
  SweepOptions run;
  run.folder = folder;
  run.store = options.store.empty() ? sweep::Store::usual_place() : std::filesystem::path(options.store);
  run.processes =
      options.processes > 0 ? options.processes : std::max(1u, std::thread::hardware_concurrency());
  run.dry_run = options.dry_run;
  run.yes = options.yes;
  run.retry_failed = options.retry_failed;
  return run;
}

int finish(int code, const std::filesystem::path& folder, const Options& options) {
  if (code > 128) {
    std::fprintf(stderr, "telegrad: interrupted; telegrad resume %s goes on\n", folder.c_str());
    return code;
  }
  if (code == kWrongUsage || options.dry_run) return code;
  bool page = !options.no_report && reported(folder);
  std::printf("results: %s%s\n", folder.c_str(), page ? "/, page: report.html" : "/");
  return code;
}

int begin(const Options& options) {
  Value user = read_user(options);
  Shard shard = shard_of(options.shard);
  const Value* name = user.find("name");
  std::string called = name != nullptr && name->is_text() ? name->text() : "sweep";
  if (shard.of > 1) called += "-shard-" + std::to_string(shard.index + 1) + "-of-" + std::to_string(shard.of);
  std::filesystem::path folder =
      options.out.empty() ? free_folder(called) : std::filesystem::path(options.out);
  if (!options.dry_run && std::filesystem::exists(sweep::SweepDatabase::file_in(folder))) {
    std::fprintf(stderr,
                 "telegrad: %s: it holds a sweep; telegrad resume goes on with it, or give another --out\n",
                 folder.c_str());
    return kWrongUsage;
  }
  if (auto results = results::Folder::results_in(folder); results && !options.dry_run) {
    std::fprintf(stderr, "telegrad: %s: %s; give another --out\n", folder.c_str(), results->c_str());
    return kWrongUsage;
  }
  SweepOptions run = to_run(options, folder);
  run.shard = shard;
  return finish(run_sweep(user, options.grid.file, run), folder, options);
}

int go_on(const Options& options) {
  std::filesystem::path folder = options.out;
  auto file = sweep::SweepDatabase::file_in(folder);
  if (!std::filesystem::exists(file)) {
    std::fprintf(stderr, "telegrad: %s: no sweep to go on with (sweep.db is missing)\n", folder.c_str());
    return kWrongUsage;
  }
  Value request;
  {
    sweep::SweepDatabase database(folder);
    request = database.meta("request");
  }
  const Value* shard = request.find("shard");
  const Value* of = request.find("of");
  const Value* grid_file = request.find("file");
  bool whole = request.find("grid") != nullptr && grid_file != nullptr && grid_file->is_text() &&
               shard != nullptr && shard->is_integer() && of != nullptr && of->is_integer() &&
               shard->integer() >= 0 && shard->integer() < of->integer();
  if (!whole) {
    std::fprintf(stderr,
                 "telegrad: %s: it does not say what was asked for; of a merged sweep, resume the shards\n",
                 folder.c_str());
    return kWrongUsage;
  }
  SweepOptions run = to_run(options, folder);
  run.shard = {static_cast<unsigned>(shard->integer()), static_cast<unsigned>(of->integer())};
  return finish(run_sweep(request["grid"], request["file"].text(), run), folder, options);
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("sweep", "run a grid of scenarios on all cores");
  auto options = std::make_shared<Options>();
  verb->add_option("FILE", options->grid.file, "grid file (JSON)")->required();
  add_overrides(*verb, options->grid.overrides);
  verb->add_option("--out", options->out, "folder for the results; left out: runs/NAME, numbered");
  verb->add_option("--shard", options->shard,
                   "I/N: every N-th cell from the I-th; a Slurm array's task by itself");
  verb->add_flag("--dry-run", options->dry_run, "say what would run, and what it would take");
  add_common(*verb, *options);
  verb->callback([&action, options] { action = [options] { return begin(*options); }; });
}

void add_resume(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("resume", "go on with a sweep that was ended");
  auto options = std::make_shared<Options>();
  verb->add_option("DIR", options->out, "folder of the sweep")->required();
  verb->add_flag("--retry-failed", options->retry_failed, "cells that failed and those set aside too");
  add_common(*verb, *options);
  verb->callback([&action, options] { action = [options] { return go_on(*options); }; });
}

}  // namespace telegrad::app
