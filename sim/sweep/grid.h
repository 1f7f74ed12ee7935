#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/parameter.h"
#include "sim/core/value.h"

namespace telegrad::sweep {

/// Settings that move together. values[i][j] is what pointers[j] has under labels[i]; null removes the key.
struct Axis {
  std::string name;
  std::vector<std::string> labels;
  std::vector<std::string> pointers;
  std::vector<std::vector<Value>> values;
};

/// Equal in all cells that are compared: initial weights, partition and batches; placement and fading.
struct Seeds {
  std::uint32_t training = 1;
  std::uint32_t network = 1;
  bool operator==(const Seeds&) const = default;
};

/// Learning rates to try for each method on the first network point, judged on the validation split.
struct Tune {
  std::string pointer;
  std::map<std::string, std::vector<double>> values;  // by label of the method axis
};

/// Of the host; 0: none.
struct Limits {
  double memory_mb = 0;  // of one cell's process
  double wall_s = 0;
  double stall_s = 0;  // without a sign of life
};

/// One simulation of a grid.
struct Cell {
  std::size_t number = 0;           // from 0; the first seeds' cells come first
  std::vector<std::size_t> labels;  // by axis
  Seeds seeds;
  Value scenario;  // as a user would write it
};

/// A base scenario and what varies.
struct Grid {
  std::string name;
  Value base;
  std::string base_file;  // where it stands; the grid's own file for an inline one
  std::vector<Axis> axes;
  std::vector<Value> exclude;  // objects {axis: label or list of labels}
  std::vector<Seeds> seeds;
  std::vector<double> targets;
  std::optional<Tune> tune;
  std::optional<std::size_t> method_axis;   // what figures compare
  std::optional<std::size_t> network_axis;  // over what
  Limits limits;
  Value source;  // as read, overrides applied

  std::vector<Cell> cells() const;
  /// {"device_rate_mbps": "2", "method": "fp32"}
  Value labels_of(const Cell& cell) const;
  /// "device_rate_mbps 2, method fp32, seeds 1/1", for messages.
  std::string name_of(const Cell& cell) const;
};

Table grid_table();

/// Reads a grid; `user` is what stands in `file`, overrides applied. What is wrong is added to `problems`, without
/// places; then the grid is not to be used.
Grid read_grid(const Value& user, const std::filesystem::path& file, std::vector<Problem>& problems);

}  // namespace telegrad::sweep
