#include "sim/app/sweep_plan.h"

#include <algorithm>
#include <set>

#include "sim/app/experiment.h"
#include "sim/app/grid_mistakes.h"
#include "sim/app/identity.h"
#include "sim/app/keys.h"
#include "sim/app/plugin.h"
#include "sim/app/scenario.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/core/resolve.h"
#include "sim/sweep/key.h"

namespace telegrad::app {
namespace {

std::string network_text(const Value& scenario) {
  return dump_json(scenario["network"]) + dump_json(scenario["workers"]);
}

std::string training_text(const Value& scenario) {
  return dump_json(scenario["training"]) + dump_json(scenario["compression"]) +
         dump_json(scenario["workers"]) + dump_json(scenario["program"]);
}

}  // namespace

SweepPlan::SweepPlan(sweep::Grid grid, std::filesystem::path file)
    : grid_(std::move(grid)), file_(std::move(file)) {
  resolve_cells();
}

void SweepPlan::resolve_cells() {
  GridMistakes mistakes(grid_, file_);
  for (sweep::Cell& cell : grid_.cells()) {
    std::vector<Problem> problems;
    Value scenario = resolve_scenario(cell.scenario, problems);
    if (!problems.empty()) {
      mistakes.add(cell, std::move(problems));
      continue;
    }
    std::string key = sweep::key_of(cell_dependencies(scenario));
    cells_.push_back({std::move(cell), std::move(scenario), std::move(key)});
  }
  mistakes.raise();
}

sweep::Judging SweepPlan::judging() const {
  const std::string& split = cells_.front().scenario["evaluation"]["split"].text();
  return {grid_.targets, split == "test" ? "test" : "validation"};
}

const LinkFacts& SweepPlan::link(const PlannedCell& cell) {
  auto [at, added] = links_.try_emplace(network_text(cell.scenario));
  if (added) at->second = link_facts(cell.scenario);
  return at->second;
}

void SweepPlan::check(const std::vector<std::size_t>& cells) {
  GridMistakes mistakes(grid_, file_);
  for (std::size_t number : cells) {
    const PlannedCell& cell = cells_[number];
    try {
      check_sampling(cell.scenario, link(cell).network);
      std::string what = training_text(cell.scenario);
      if (!trainings_.contains(what)) trainings_[what] = make_training(cell.scenario)->facts();
      check_exchange(cell.scenario, trainings_.at(what), link(cell).network);
    } catch (const ScenarioError& error) {
      links_.erase(network_text(cell.scenario));
      mistakes.add(cell.cell, error.problems());
    }
  }
  mistakes.raise();
}

const TrainingFacts& SweepPlan::training(const PlannedCell& cell) const {
  return trainings_.at(training_text(cell.scenario));
}

const NetworkFacts& SweepPlan::network(const PlannedCell& cell) const {
  return links_.at(network_text(cell.scenario)).network;
}

std::string SweepPlan::dependence(const PlannedCell& cell) {
  return link_dependence(cell.scenario, link(cell));
}

std::string SweepPlan::method_of(const PlannedCell& cell) const {
  if (!grid_.method_axis) return "all";
  return grid_.axes[*grid_.method_axis].labels[cell.cell.labels[*grid_.method_axis]];
}

sweep::CellRow SweepPlan::row(const PlannedCell& cell, const std::string& why) const {
  return {.number = cell.cell.number,
          .labels = grid_.labels_of(cell.cell),
          .seeds = cell.cell.seeds,
          .scenario = cell.scenario,
          .key = cell.key,
          .kind = why.empty() ? sweep::JobKind::replayed : sweep::JobKind::coupled,
          .link_dependence = why};
}

std::vector<sweep::Job> SweepPlan::jobs(const std::vector<std::size_t>& cells, const sweep::Store& store,
                                        unsigned threads) {
  std::vector<sweep::Job> jobs;
  std::map<std::string, std::size_t> by_key;
  std::set<std::string> recorded;
  for (std::size_t number : cells) {
    const PlannedCell& cell = cells_[number];
    if (auto at = by_key.find(cell.key); at != by_key.end()) {
      jobs[at->second].cells.push_back(number);
      continue;
    }
    CellOrder order;
    order.scenario = cell.scenario;
    order.result = store.cell(cell.key);
    order.link_dependence = dependence(cell);
    order.threads = threads;
    sweep::Job job{.kind = sweep::JobKind::coupled,
                   .key = cell.key,
                   .name = grid_.name_of(cell.cell),
                   .group = method_of(cell),
                   .cells = {number},
                   .recording = {},
                   .order = {}};
    if (order.link_dependence.empty()) {
      job.kind = order.kind = sweep::JobKind::replayed;
      std::uint32_t limit = link(cell).limit_up;
      Value dependencies = recording_dependencies(cell.scenario, limit);
      job.recording = sweep::key_of(dependencies);
      order.recording = store.recording(job.recording);
      if (recorded.insert(job.recording).second && !store.has_recording(job.recording)) {
        CellOrder recording = order;
        recording.kind = sweep::JobKind::record;
        recording.scenario = recording_scenario(cell.scenario, limit);
        recording.dependencies = std::move(dependencies);
        jobs.push_back(
            {.kind = sweep::JobKind::record,
             .key = job.recording,
             .name = "training of " + method_of(cell) + ", seed " + std::to_string(cell.cell.seeds.training),
             .group = job.group,
             .cells = {},
             .recording = {},
             .order = to_value(recording)});
      }
    }
    job.order = to_value(order);
    by_key[cell.key] = jobs.size();
    jobs.push_back(std::move(job));
  }
  return jobs;
}

Value::Object SweepPlan::meta() const {
  Value::Array axes;
  for (const sweep::Axis& axis : grid_.axes) {
    Value::Array values;
    for (const auto& point : axis.values) values.emplace_back(Value::Array(point.begin(), point.end()));
    axes.emplace_back(Value::Object{{"name", axis.name},
                                    {"labels", texts(axis.labels)},
                                    {"pointers", texts(axis.pointers)},
                                    {"values", std::move(values)}});
  }
  Value::Array seeds;
  for (const sweep::Seeds& pair : grid_.seeds) {
    seeds.emplace_back(Value::Array{std::int64_t{pair.training}, std::int64_t{pair.network}});
  }
  std::vector<std::string> dense;
  for (const PlannedCell& cell : cells_) {
    const Value* type = find_at(cell.scenario, "/compression/uplink/type");
    std::string method = method_of(cell);
    bool known = std::find(dense.begin(), dense.end(), method) != dense.end();
    if (type != nullptr && type->text() == "dense" && !known && grid_.method_axis) dense.push_back(method);
  }
  auto name = [&](const std::optional<std::size_t>& axis) {
    return axis ? Value(grid_.axes[*axis].name) : Value();
  };
  Value source = grid_.source;
  source.set("base", grid_.base);  // whole, should the file that it came from change
  sweep::Judging judged = judging();
  return {{"name", grid_.name},
          {"grid", std::move(source)},
          {"axes", std::move(axes)},
          {"method_axis", name(grid_.method_axis)},
          {"network_axis", name(grid_.network_axis)},
          {"baselines", texts(dense)},
          {"cells", static_cast<std::int64_t>(cells_.size())},
          {"targets", Value::Array(judged.targets.begin(), judged.targets.end())},
          {"target_split", judged.split},
          {"seeds", std::move(seeds)},
          {"versions", versions(training_plugin().torch_version())},
          {"identity", program_identity()},
          {"tune", Value()}};
}

}  // namespace telegrad::app
