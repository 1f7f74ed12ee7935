#pragma once

#include <filesystem>
#include <string>

#include "sim/core/value.h"

namespace telegrad::app {

/// One part of a grid: cells whose number leaves `index` when divided by `of`.
struct Shard {
  unsigned index = 0;
  unsigned of = 1;
};

struct SweepOptions {
  std::filesystem::path folder;
  std::filesystem::path store;
  unsigned processes = 1;
  Shard shard;
  bool dry_run = false;
  bool yes = false;            // go on past the cap on wall time
  bool retry_failed = false;   // of an earlier process
  bool needs_results = false;  // what the folder has finished counts only where the store has it too
};

/// How a sweep ended: kDone, kSomeFailed, or 128 + the signal that ended it.
/// Runs what the grid `user`, read from `file`, asks for, less what the folder and the store have already. Throws
/// ScenarioError before anything is written, RunError.
int run_sweep(const Value& user, const std::filesystem::path& file, const SweepOptions& options);

}  // namespace telegrad::app
