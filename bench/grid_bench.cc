// The cells of scenarios/grid.json replayed by fast-forward against coupled runs, from three of its forty cells.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iterator>

#include "bench/paired.h"
#include "sim/app/cell.h"
#include "sim/app/sweep_prepared.h"
#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/core/pointer.h"
#include "sim/results/recording_file.h"

namespace telegrad::bench {
namespace {

constexpr std::int64_t kRounds = 200;       // of the grid
constexpr std::int64_t kSampleRounds = 11;  // the first has its own cost, the others one evaluation
constexpr double kNetworks = 8;             // that share a training
constexpr double kCells = 40;

struct Sampled {
  const char* bandwidth;
  const char* method;
};
constexpr Sampled kSampled[] = {{"8 Mbit/s", "fp32"}, {"1 Mbit/s", "top-k 1 %"}, {"unshaped", "top-k 10 %"}};

/// Of this process: what else runs on the machine counts less than by the clock on the wall.
double core_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// What all rounds take, from those that were run: the first, and the mean of the others.
class Extrapolation final : public Observer {
 public:
  void round(const RoundRecord& record) override {
    if (record.round == 1) first_ = core_seconds();
    last_ = core_seconds();
  }
  double all_rounds() const {
    return first_ - begin_ + (last_ - first_) * (kRounds - 1.0) / (kSampleRounds - 1.0);
  }

 private:
  double begin_ = core_seconds(), first_ = 0, last_ = 0;
};

double extrapolated(const app::CellOrder& order) {
  Extrapolation watcher;
  app::run_cell(order, watcher);
  return watcher.all_rounds();
}

app::SweepPlan planned(std::int64_t rounds, bool sampling) {
  std::filesystem::path file = TELEGRAD_SOURCE_DIR "/scenarios/grid.json";
  Value user = read_json(file).value;
  remove_at(user, "/tune");
  user.set("seeds", 1);
  set_at(user, "/base/stop/max_rounds", rounds);
  if (sampling) set_at(user, "/base/network/sampling", Value::Object{});
  return {app::checked_grid(user, file), file};
}

/// What a sweep would tell the processes of a cell: first the one that trains.
std::vector<app::CellOrder> orders(app::SweepPlan& plan, const Sampled& sampled, const sweep::Store& store) {
  for (const app::PlannedCell& cell : plan.cells()) {
    Value labels = plan.grid().labels_of(cell.cell);
    if (labels["bandwidth"].text() != sampled.bandwidth || labels["method"].text() != sampled.method)
      continue;
    std::vector<app::CellOrder> found;
    for (const sweep::Job& job : plan.jobs({cell.cell.number}, store, 1))
      found.push_back(app::cell_order(job.order));
    return found;
  }
  return {};
}

/// Its rounds over and over: a network feels no difference.
Recording repeated(const Recording& recording) {
  Recording all = recording;
  for (std::int64_t round = 1; round <= kRounds; ++round)
    all.evaluations[static_cast<std::uint64_t>(round)] = recording.evaluations.begin()->second;
  for (std::size_t node = 0; node < all.nodes.size(); ++node) {
    auto& steps = all.nodes[node];
    while (steps.back().kind == Operation::Kind::collect)
      steps.pop_back();  // a hub looks forward to a round more
    const auto once = steps;
    for (std::int64_t round = kSampleRounds; round < kRounds; round += kSampleRounds)
      steps.insert(steps.end(), once.begin(), once.end());
  }
  return all;
}

struct Costs {
  double coupled = 0, training = 0, replayed = 0;
};

class Grid {
 public:
  Costs of(const Sampled& sampled) {
    std::vector<app::CellOrder> trained = orders(short_, sampled, store_);
    std::vector<app::CellOrder> replayed = orders(long_, sampled, store_);
    expect(trained.size() == 2 && replayed.size() == 2, "a cell of the grid is a replay");
    Costs costs;
    costs.training = extrapolated(trained.front());
    std::filesystem::create_directories(replayed.back().recording.parent_path());
    results::write_recording(repeated(results::read_recording(trained.front().recording)),
                             replayed.back().recording);
    trained.back().kind = sweep::JobKind::coupled;
    costs.coupled = extrapolated(trained.back());
    Observer nobody;
    double begin = core_seconds();
    app::run_cell(replayed.back(), nobody);
    costs.replayed = core_seconds() - begin;
    return costs;
  }
  ~Grid() { std::filesystem::remove_all(folder_); }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("telegrad-bench-grid-" + std::to_string(::getpid()));
  sweep::Store store_{folder_, [](const std::string&) {}};
  app::SweepPlan short_ = planned(kSampleRounds, false);
  app::SweepPlan long_ = planned(kRounds, true);
};

/// a, b: seconds of one core for each cell of the sample.
Line total(const char* name, const char* ours, const std::vector<double>& a, const std::vector<double>& b) {
  Line line{.name = name,
            .ours = ours,
            .theirs = "as many coupled runs, extrapolated from 11 rounds of three cells"};
  line.aim = 1.0 / 8;
  line.ratio_low = 1e9;
  for (std::size_t i = 0; i < a.size(); ++i) {
    line.ours_s += a[i] * kCells / static_cast<double>(a.size());
    line.theirs_s += b[i] * kCells / static_cast<double>(a.size());
    line.ratio_low = std::min(line.ratio_low, a[i] / b[i]);
    line.ratio_high = std::max(line.ratio_high, a[i] / b[i]);
  }
  line.ratio = line.ours_s / line.theirs_s;
  return line;
}

}  // namespace

void bench_grid(std::vector<Line>& lines) {
  Grid grid;
  std::vector<double> coupled, replayed, both;
  for (const Sampled& sampled : kSampled) {
    Costs costs = grid.of(sampled);
    coupled.push_back(costs.coupled);
    replayed.push_back(costs.replayed);
    both.push_back(costs.replayed + costs.training / kNetworks);
    std::fprintf(stderr, "%s at %s: coupled %.1f s, trained %.1f s, replayed %.1f s of a core\n",
                 sampled.method, sampled.bandwidth, costs.coupled, costs.training, costs.replayed);
  }
  lines.push_back(total("40 cells of the grid, their trainings known",
                        "200 rounds of each replayed by fast-forward, from three cells; seconds of one core",
                        replayed, coupled));
  lines.push_back(total("40 cells of the grid, from nothing",
                        "the same and the five trainings, each shared by eight cells", both, coupled));
}

}  // namespace telegrad::bench
