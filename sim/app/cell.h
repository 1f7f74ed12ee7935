#pragma once

#include <filesystem>
#include <string>

#include "sim/core/observer.h"
#include "sim/sweep/job.h"

namespace telegrad::app {

/// What a child process of a sweep is told, as JSON in a file.
struct CellOrder {
  sweep::JobKind kind = sweep::JobKind::coupled;
  Value scenario;                   // resolved
  std::filesystem::path recording;  // made by a `record`, played by a `replayed`
  Value dependencies;               // of the recording that is made
  std::filesystem::path result;     // where the digest goes; unused by a `record`
  std::string link_dependence;
  unsigned threads = 1;
};

Value to_value(const CellOrder& order);
CellOrder cell_order(const Value& value);

/// Does what the order says; `watcher` sees the run. Throws RunError, ScenarioError.
void run_cell(const CellOrder& order, Observer& watcher);

}  // namespace telegrad::app
