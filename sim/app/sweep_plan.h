#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sim/app/cell.h"
#include "sim/app/link_facts.h"
#include "sim/core/training.h"
#include "sim/sweep/database.h"
#include "sim/sweep/grid.h"
#include "sim/sweep/store.h"

namespace telegrad::app {

/// A cell of a grid, as it will run.
struct PlannedCell {
  sweep::Cell cell;
  Value scenario;  // resolved
  std::string key;
};

/// From a grid to cells and jobs.
class SweepPlan final {
 public:
  /// Resolves every cell. Throws ScenarioError with what is wrong in any of them. Loads the training library.
  SweepPlan(sweep::Grid grid, std::filesystem::path file);

  const sweep::Grid& grid() const { return grid_; }
  const std::vector<PlannedCell>& cells() const { return cells_; }
  sweep::Judging judging() const;
  /// What sweep.db says of the sweep as a whole.
  Value::Object meta() const;

  /// Builds what can only be found wrong by building, once for each training and network; throws ScenarioError.
  void check(const std::vector<std::size_t>& cells);
  /// "" where the models of a cell do not depend on the link.
  std::string dependence(const PlannedCell& cell);
  sweep::CellRow row(const PlannedCell& cell) { return row(cell, dependence(cell)); }
  sweep::CellRow row(const PlannedCell& cell, const std::string& dependence) const;
  /// What must run for these cells; recordings of the store that cannot be read are set aside. threads: of each
  /// process.
  std::vector<sweep::Job> jobs(const std::vector<std::size_t>& cells, const sweep::Store& store,
                               unsigned threads);
  /// Facts of a cell's training and of its network; after `check`.
  const TrainingFacts& training(const PlannedCell& cell) const;
  const NetworkFacts& network(const PlannedCell& cell) const;

 private:
  void resolve_cells();
  const LinkFacts& link(const PlannedCell& cell);
  std::string method_of(const PlannedCell& cell) const;

  sweep::Grid grid_;
  std::filesystem::path file_;
  std::vector<PlannedCell> cells_;
  std::map<std::string, LinkFacts> links_;          // by network section and workers
  std::map<std::string, TrainingFacts> trainings_;  // by what is trained, seeds left out
};

}  // namespace telegrad::app
