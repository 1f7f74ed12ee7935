#include "sim/app/sweep_tune.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "sim/app/command_line.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/results/database.h"
#include "sim/sweep/database.h"

namespace telegrad::app {
namespace {

constexpr const char* kAll = "all";  // the method's name in a grid without methods

struct Trial {
  std::string method;
  double value = 0;
  std::optional<double> reached_s;  // the highest target
  double accuracy = 0;              // at the end; the mean of three evaluations
  bool done = false;
};

/// An axis as it would stand in a file, with its first labels only.
Value axis_value(const sweep::Axis& axis, std::size_t labels) {
  Value::Object points;
  for (std::size_t i = 0; i < labels; ++i) {
    Value::Object point;
    for (std::size_t j = 0; j < axis.pointers.size(); ++j)
      point.push_back({axis.pointers[j], axis.values[i][j]});
    points.push_back({axis.labels[i], std::move(point)});
  }
  return points;
}

std::string last_step(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

std::vector<double> all_values(const sweep::Tune& tune) {
  std::vector<double> all;
  for (const auto& [method, values] : tune.values) all.insert(all.end(), values.begin(), values.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// The grid of the trials, as a user would write it.
Value trial_grid(const sweep::Grid& grid) {
  const sweep::Tune& tune = *grid.tune;
  Value::Object axes;
  for (std::size_t i = 0; i < grid.axes.size(); ++i) {
    bool methods = grid.method_axis == i;
    axes.push_back({grid.axes[i].name, axis_value(grid.axes[i], methods ? grid.axes[i].labels.size() : 1)});
  }
  std::vector<double> values = all_values(tune);
  Value::Object points;
  for (double value : values) points.push_back({dump_json(value), Value::Object{{tune.pointer, value}}});
  axes.push_back({last_step(tune.pointer), std::move(points)});
  Value::Array exclude;
  if (grid.method_axis) {
    const sweep::Axis& methods = grid.axes[*grid.method_axis];
    for (const std::string& method : methods.labels) {
      auto tried = tune.values.find(method);
      for (double value : values) {
        bool wanted = tried != tune.values.end() &&
                      std::find(tried->second.begin(), tried->second.end(), value) != tried->second.end();
        if (wanted) continue;
        exclude.push_back(Value::Object{{methods.name, method}, {last_step(tune.pointer), dump_json(value)}});
      }
    }
  }
  const sweep::Seeds& first = grid.seeds.front();
  const sweep::Limits& limits = grid.limits;
  return Value::Object{
      {"name", grid.name + "-tune"},
      {"base", grid.base},
      {"axes", std::move(axes)},
      {"exclude", std::move(exclude)},
      {"seeds", Value::Array{Value::Array{std::int64_t{first.training}, std::int64_t{first.network}}}},
      {"targets", Value::Array(grid.targets.begin(), grid.targets.end())},
      {"limits",
       Value::Object{
           {"memory_mb", limits.memory_mb}, {"wall_s", limits.wall_s}, {"stall_s", limits.stall_s}}}};
}

std::vector<Trial> read_trials(const sweep::Grid& grid, const std::filesystem::path& folder) {
  auto database = results::Database::open_to_read(sweep::SweepDatabase::file_in(folder));
  double highest = *std::max_element(grid.targets.begin(), grid.targets.end());
  auto rows = database.prepare(
      "SELECT labels, status, (SELECT by_s FROM target WHERE target.cell = cell.cell AND target.target = ?),"
      " (SELECT avg(accuracy) FROM (SELECT coalesce(validation_accuracy, test_accuracy) AS accuracy FROM "
      "round"
      "   WHERE round.cell = cell.cell AND accuracy IS NOT NULL ORDER BY round DESC LIMIT 3))"
      " FROM cell ORDER BY cell");
  rows.bind_all(highest);
  std::vector<Trial> trials;
  while (rows.step()) {
    Value labels = parse_json(rows.text(0)).value;
    Trial trial;
    trial.method = grid.method_axis ? labels[grid.axes[*grid.method_axis].name].text() : kAll;
    trial.value = parse_json(labels[last_step(grid.tune->pointer)].text()).value.number();
    trial.done = rows.text(1) == "done";
    trial.reached_s = rows.optional_number(2);
    trial.accuracy = rows.optional_number(3).value_or(0);
    trials.push_back(trial);
  }
  return trials;
}

bool better(const Trial& a, const Trial& b) {
  if (a.done != b.done) return a.done;
  if (a.reached_s.has_value() != b.reached_s.has_value()) return a.reached_s.has_value();
  return a.reached_s ? *a.reached_s < *b.reached_s : a.accuracy > b.accuracy;
}

std::map<std::string, double> choose(const std::vector<Trial>& trials) {
  std::map<std::string, const Trial*> best;
  for (const Trial& trial : trials) {
    const Trial*& known = best[trial.method];
    if (known == nullptr || better(trial, *known)) known = &trial;
  }
  std::map<std::string, double> chosen;
  for (const auto& [method, trial] : best) chosen[method] = trial->value;
  return chosen;
}

/// The method axis moves the tuned setting too.
void set_chosen(sweep::Grid& grid, const std::map<std::string, double>& chosen) {
  const std::string& pointer = grid.tune->pointer;
  if (!grid.method_axis) {
    set_at(grid.base, pointer, chosen.at(kAll));
    return;
  }
  sweep::Axis& axis = grid.axes[*grid.method_axis];
  const Value* usual = find_at(grid.base, pointer);
  axis.pointers.push_back(pointer);
  for (std::size_t i = 0; i < axis.labels.size(); ++i) {
    auto value = chosen.find(axis.labels[i]);
    axis.values[i].push_back(value != chosen.end() ? Value(value->second)
                             : usual == nullptr    ? Value()
                                                   : *usual);
  }
}

Value about(const sweep::Tune& tune, const std::vector<Trial>& trials,
            const std::map<std::string, double>& chosen) {
  std::vector<double> values = all_values(tune);
  Value::Object choices;
  for (const auto& [method, value] : chosen) choices.push_back({method, value});
  Value::Array rows;
  for (const Trial& trial : trials) {
    rows.push_back(Value::Object{{"method", trial.method},
                                 {"value", trial.value},
                                 {"reached_s", trial.reached_s ? Value(*trial.reached_s) : Value()},
                                 {"accuracy", trial.accuracy}});
  }
  return Value::Object{{"pointer", tune.pointer},
                       {"values", Value::Array(values.begin(), values.end())},
                       {"chosen", std::move(choices)},
                       {"trials", std::move(rows)}};
}

}  // namespace

sweep::Grid untuned(sweep::Grid grid) {
  std::map<std::string, double> first;
  for (const auto& [method, values] : grid.tune->values) first[method] = values.front();
  set_chosen(grid, first);
  return grid;
}

Tuning tune(sweep::Grid& grid, const std::filesystem::path& file, const SweepOptions& options) {
  SweepOptions trial = options;
  trial.folder = options.folder / "tune";
  trial.shard = {};
  Tuning tuning;
  tuning.code = run_sweep(trial_grid(grid), file, trial);
  if (tuning.code == kSomeFailed) tuning.code = kDone;  // a rate that diverges is not chosen
  if (tuning.code != kDone) return tuning;
  if (options.dry_run) {
    grid = untuned(std::move(grid));
    return tuning;
  }
  std::vector<Trial> trials = read_trials(grid, trial.folder);
  std::map<std::string, double> chosen = choose(trials);
  tuning.about = about(*grid.tune, trials, chosen);
  set_chosen(grid, chosen);
  return tuning;
}

}  // namespace telegrad::app
