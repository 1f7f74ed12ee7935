#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sim/sweep/grid.h"

namespace telegrad::app {

/// The mistakes of all cells of a grid, each once, with the first cell that has it, where they stand in the grid file or
/// in the file of its base.
class GridMistakes final {
 public:
  /// Both outlive this.
  GridMistakes(const sweep::Grid& grid, const std::filesystem::path& file) : grid_(grid), file_(file) {}

  /// Pointers are those of the cell's scenario.
  void add(const sweep::Cell& cell, std::vector<Problem> problems);
  /// Throws ScenarioError if there were any.
  void raise();

 private:
  const sweep::Grid& grid_;
  const std::filesystem::path& file_;
  std::map<std::string, std::size_t> seen_;
  std::vector<Problem> problems_;
  std::vector<std::size_t> cells_;  // that have it
};

}  // namespace telegrad::app
