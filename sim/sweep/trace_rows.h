#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace telegrad::sweep {

/// One line of a trace: what a worker did in a round.
struct TraceRow {
  int line = 0;
  std::uint64_t round = 0;  // from 1
  std::uint32_t worker = 0;
  std::uint64_t up = 0;  // bytes
  std::uint64_t down = 0;
  double compute_s = 0;
  std::optional<double> accuracy;
};

/// Reads and checks a trace; the rows come by round and worker, none is missing. Throws ScenarioError.
std::vector<TraceRow> read_trace_rows(const std::filesystem::path& file);

}  // namespace telegrad::sweep
