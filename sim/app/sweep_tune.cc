#include "sim/app/sweep_tune.h"

#include <algorithm>
#include <optional>

#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/sweep/judge.h"

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

/// Of the latest evaluations that are judged together.
double accuracy_at_the_end(const results::Digest& digest) {
  double sum = 0;
  std::size_t count = 0;
  for (auto round = digest.rounds.rbegin(); round != digest.rounds.rend(); ++round) {
    const Evaluation& found = round->evaluation;
    auto accuracy = found.validation_accuracy ? found.validation_accuracy : found.test_accuracy;
    if (!accuracy) continue;
    sum += *accuracy;
    if (++count == sweep::kJudgedTogether) break;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::vector<Trial> read_trials(const sweep::Grid& grid, const PreparedSweep& tried) {
  const std::vector<double> values = all_values(*grid.tune);
  double highest = *std::max_element(grid.targets.begin(), grid.targets.end());
  std::vector<Trial> trials;
  for (const PlannedCell& planned : tried.plan.cells()) {
    const std::vector<std::size_t>& labels = planned.cell.labels;
    Trial trial;
    trial.method = grid.method_axis ? grid.axes[*grid.method_axis].labels[labels[*grid.method_axis]] : kAll;
    trial.value = values[labels.back()];
    if (auto found = tried.known.cached.find(planned.cell.number); found != tried.known.cached.end()) {
      trial.done = true;
      trial.reached_s = sweep::judge(highest, tried.plan.judging().split, found->second).by_s;
      trial.accuracy = accuracy_at_the_end(found->second);
    }
    trials.push_back(trial);
  }
  return trials;
}

bool better(const Trial& a, const Trial& b) {
  if (a.done != b.done) return a.done;
  if (a.reached_s.has_value() != b.reached_s.has_value()) return a.reached_s.has_value();
  return a.reached_s ? *a.reached_s < *b.reached_s : a.accuracy > b.accuracy;
}

std::map<std::string, double> best_of(const std::vector<Trial>& trials) {
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

SweepOptions trial_options(const SweepOptions& options) {
  SweepOptions trial = options;
  trial.folder = options.folder / "tune";
  trial.shard = {};
  trial.needs_results = true;
  return trial;
}

Value choose(sweep::Grid& grid, const PreparedSweep& tried) {
  std::vector<Trial> trials = read_trials(grid, tried);
  std::map<std::string, double> chosen = best_of(trials);
  set_chosen(grid, chosen);
  return about(*grid.tune, trials, chosen);
}

}  // namespace telegrad::app
