#include "sim/app/grid_mistakes.h"

#include "sim/app/scenario.h"
#include "sim/core/pointer.h"
#include "sim/core/resolve.h"

namespace telegrad::app {
namespace {

/// Where in the grid file a setting of a cell stands; nullopt: in the base scenario's own file.
std::optional<std::string> place_in_grid(const sweep::Grid& grid, const sweep::Cell& cell,
                                         const std::string& pointer) {
  for (std::size_t i = 0; i < grid.axes.size(); ++i) {
    const sweep::Axis& axis = grid.axes[i];
    for (const std::string& moved : axis.pointers) {
      if (!lies_within(pointer, moved)) continue;
      bool plain = axis.pointers.size() == 1 && grid.source["axes"].find(moved) != nullptr;
      std::string at = plain ? "/axes/" + escape_step(moved) + "/" + std::to_string(cell.labels[i])
                             : "/axes/" + escape_step(axis.name) + "/" +
                                   escape_step(axis.labels[cell.labels[i]]) + "/" + escape_step(moved);
      return at + pointer.substr(moved.size());
    }
  }
  if (lies_within(pointer, "/evaluation/targets")) return "/targets" + pointer.substr(19);
  if (lies_within(pointer, "/seeds")) return "/seeds";
  if (grid.source["base"].is_object()) return "/base" + pointer;
  return std::nullopt;
}

}  // namespace

void GridMistakes::add(const sweep::Cell& cell, std::vector<Problem> problems) {
  for (Problem& problem : problems) {
    auto place = place_in_grid(grid_, cell, problem.pointer);
    if (!place) {
      problem.origin = grid_.base_file;
      const Value& nearest = nearest_at(grid_.base, problem.pointer);
      problem.line = nearest.line;
      problem.column = nearest.column;
    } else {
      problem.pointer = *place;
    }
    std::string same = problem.origin + problem.pointer + problem.message;
    if (auto [at, added] = seen_.try_emplace(same, problems_.size()); !added) {
      ++cells_[at->second];
      continue;
    }
    problem.message += " (" + grid_.name_of(cell);
    problems_.push_back(std::move(problem));
    cells_.push_back(1);
  }
}

void GridMistakes::raise() {
  if (problems_.empty()) return;
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    std::size_t more = cells_[i] - 1;
    problems_[i].message +=
        more == 0 ? ")" : ", and " + std::to_string(more) + (more == 1 ? " more cell)" : " more cells)");
  }
  locate(problems_, grid_.source);
  sort_by_place(problems_);
  throw ScenarioError(file_.string(), std::move(problems_));
}

}  // namespace telegrad::app
