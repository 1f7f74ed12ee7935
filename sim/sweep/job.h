#pragma once

#include <string>
#include <vector>

#include "sim/core/value.h"
#include "sim/sweep/child.h"

namespace telegrad::sweep {

enum class JobKind { record, replayed, coupled };
const char* to_string(JobKind kind);

/// One process's work: a training without a network, or one simulation, for all cells that it answers.
struct Job {
  JobKind kind = JobKind::coupled;
  std::string key;                 // of what it makes: a recording or a cell's digest
  std::string name;                // for messages
  std::string group;               // whose times its own resembles: method
  std::vector<std::size_t> cells;  // empty for a recording
  std::string recording;           // key of the recording that it plays
  Value order;                     // what the child is told
};

/// Why a job has no result.
struct Failed {
  std::string reason;
  std::string detail;
  std::string log_tail;
  int attempts = 1;
};

}  // namespace telegrad::sweep
