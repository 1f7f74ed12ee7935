#include "sim/app/sweep_estimate.h"

#include <algorithm>
#include <cmath>

#include "sim/app/round_bytes.h"
#include "sim/app/text_table.h"
#include "sim/results/words.h"

namespace telegrad::app {
namespace {

// Rough, of one core of 2026; status measures instead.
constexpr double kFlopsPerSecond = 1e10;
constexpr double kRadioBytesPerSecond = 3e6;
constexpr double kSegment = 1448;
constexpr double kTrainingMemory_mb = 700;
constexpr double kReplayMemory_mb = 80;
constexpr double kDiskOfRound_mb = 4e-4;

double rounds_of(const Value& scenario) {
  const Value* rounds = scenario["stop"].find("max_rounds");
  return rounds != nullptr ? rounds->number() : 1000;  // simulated time alone ends it: a guess
}

}  // namespace

SweepEstimate estimate(const SweepPlan& plan, const std::vector<sweep::Job>& jobs, std::size_t cached,
                       unsigned processes) {
  SweepEstimate sum;
  sum.cached = cached;
  double host_s = 0;
  for (const sweep::Job& job : jobs) {
    if (job.kind == sweep::JobKind::record) {
      ++sum.recordings;
      continue;
    }
    const PlannedCell& cell = plan.cells()[job.cells.front()];
    const TrainingFacts& facts = plan.training(cell);
    double rounds = rounds_of(cell.scenario);
    double bytes = rounds * round_bytes(cell.scenario, facts, plan.network(cell));
    if (cell.scenario["network"]["type"].text() != "ideal") {
      sum.packets += std::ceil(bytes / kSegment);
      host_s += bytes / kRadioBytesPerSecond;
    }
    (job.kind == sweep::JobKind::coupled ? sum.coupled : sum.replayed) += job.cells.size();
    sum.disk_mb += rounds * kDiskOfRound_mb * static_cast<double>(job.cells.size());
  }
  // A training costs the same for every network.
  for (const sweep::Job& job : jobs) {
    if (job.kind == sweep::JobKind::replayed) continue;
    auto answers = [&](const sweep::Job& other) {
      return job.kind == sweep::JobKind::coupled ? &other == &job : other.recording == job.key;
    };
    auto first = std::find_if(jobs.begin(), jobs.end(), answers);
    if (first == jobs.end()) continue;
    const PlannedCell& cell = plan.cells()[first->cells.front()];
    const TrainingFacts& facts = plan.training(cell);
    host_s += rounds_of(cell.scenario) * cell.scenario["workers"].number() *
              static_cast<double>(facts.batch_size) * facts.flops_per_sample / kFlopsPerSecond;
  }
  sum.wall_s = host_s / processes;
  bool trains = sum.recordings + sum.coupled > 0;
  if (!jobs.empty()) sum.memory_mb = processes * (trains ? kTrainingMemory_mb : kReplayMemory_mb);
  return sum;
}

std::string estimate_page(const SweepPlan& plan, const std::vector<sweep::Job>& jobs,
                          const SweepEstimate& expected) {
  auto count = [](std::size_t number) { return results::count_in_words(number); };
  std::string text = plan.grid().name + ": " + results::counted(plan.cells().size(), "cell") + ", " +
                     count(expected.cached) + " cached\n";
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"  trained once, then replayed", count(expected.recordings)});
  rows.push_back({"  cells replayed", count(expected.replayed)});
  rows.push_back({"  cells trained over their network", count(expected.coupled)});
  rows.push_back({"  packets", results::count_in_words(static_cast<std::uint64_t>(expected.packets))});
  rows.push_back({"  wall time, roughly", results::seconds_in_words(expected.wall_s)});
  rows.push_back({"  memory, roughly", results::bytes_in_words(expected.memory_mb * 1e6)});
  rows.push_back({"  disk, roughly", results::bytes_in_words(expected.disk_mb * 1e6)});
  text += text_table(rows);
  rows.clear();
  for (const sweep::Job& job : jobs) {
    rows.push_back(
        {"  " + std::string(job.kind == sweep::JobKind::record ? "train" : to_string(job.kind)), job.name});
  }
  return rows.empty() ? text : text + "\n" + text_table(rows);
}

}  // namespace telegrad::app
