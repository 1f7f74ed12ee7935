#include "sim/app/sweep_known.h"

#include <set>

namespace telegrad::app {
namespace {

/// Cells that this folder has already, with the key that they have now.
std::set<std::size_t> settled(const SweepPlan& plan, const SweepOptions& options) {
  std::set<std::size_t> cells;
  auto file = sweep::SweepDatabase::file_in(options.folder);
  if (!std::filesystem::exists(file)) return cells;
  auto database = results::Database::open_to_read(file);
  if (!sweep::has_tables(database)) return cells;
  auto rows =
      database.prepare("SELECT cell, key, status FROM cell WHERE status NOT IN ('waiting', 'running')");
  while (rows.step()) {
    auto cell = static_cast<std::size_t>(rows.integer(0));
    bool done = rows.text(2) == "done";
    if (done ? options.needs_results : options.retry_failed) continue;
    if (cell < plan.cells().size() && plan.cells()[cell].key == rows.text(1)) cells.insert(cell);
  }
  return cells;
}

}  // namespace

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

}  // namespace telegrad::app
