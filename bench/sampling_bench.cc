// Fast-forward against the same 1,000 rounds packet by packet: how much faster, and how far off.

#include <cmath>
#include <cstdio>

#include "bench/paired.h"
#include "tests/support/sized_training.h"
#include "tests/support/staged_run.h"

namespace telegrad::bench {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 8;

struct Cell {
  const char* name;
  const char* what;
  const char* network;
  std::uint64_t bytes;  // per worker, round and direction
  SimTime gradient;
  std::uint64_t rounds;
  double aim;
};

/// Of the round times, computing included.
class Variation final : public Observer {
 public:
  void round(const RoundRecord& record) override {
    if (record.round <= 3) return;  // slow start
    double duration = seconds(record.end - record.begin);
    double before = duration - mean_;
    mean_ += before / ++n_;
    squares_ += before * (duration - mean_);
  }
  double coefficient() const { return std::sqrt(squares_ / (n_ - 1)) / mean_; }

 private:
  double n_ = 0, mean_ = 0, squares_ = 0;
};

Ran run(const Cell& cell, std::optional<SamplingSettings> sampling, Observer& observer) {
  Devices devices = plain_devices(kWorkers, 0);
  SizedTraining training(kWorkers, steady(cell.bytes, cell.gradient));
  Plan plan{.network = cell.network,
            .workers = kWorkers,
            .rounds = cell.rounds,
            .devices = &devices,
            .sampling = sampling};
  return run_synchronous(plan, training, observer);
}

Line bench(const Cell& cell) {
  Ran sampled;
  Ran full;
  Observer nobody;
  Variation variation;
  SamplingSettings settings{.rounds = 32, .tolerance = 0.02, .seed = 1, .last_round = cell.rounds};
  auto ours = [&] { return seconds_of([&] { sampled = run(cell, settings, nobody); }); };
  auto theirs = [&] { return seconds_of([&] { full = run(cell, std::nullopt, variation); }); };
  Line line = compare(cell.name, cell.aim, "", ours, "", theirs, 1);
  const SamplingReport& report = *sampled.sampling;
  char text[200];
  std::snprintf(text, sizeof text,
                "fast-forward: %llu rounds simulated, %llu drawn; time off by %+.2f %%, stated ±%.2f %%%s",
                static_cast<unsigned long long>(report.simulated),
                static_cast<unsigned long long>(report.fast_forwarded),
                100 * (seconds(sampled.end) / seconds(full.end) - 1), 100 * report.interval.value_or(0),
                report.gave_up_after ? "; gave up" : "");
  line.ours = text;
  std::snprintf(text, sizeof text, "%s; round time %.3f s, varies by %.1f %%", cell.what,
                seconds(full.end) / static_cast<double>(cell.rounds), 100 * variation.coefficient());
  line.theirs = text;
  return line;
}

}  // namespace

void bench_sampling(std::vector<Line>& lines) {
  using std::chrono::milliseconds;
  const char* still = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10}})";
  const char* fading = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 20},
                           "fading": {"type": "nakagami", "m": 1}})";
  lines.push_back(
      bench({"fast-forward, calm cell", "8 workers, 1,000 rounds of 2 s gradient and 100 kB each way", still,
             100'000, milliseconds(2000), 1000, 0.05}));
  lines.push_back(bench({"fast-forward, small messages", "8 workers, 1,000 rounds of 50 ms gradient and 2 kB",
                         still, 2'000, milliseconds(50), 1000, 0.05}));
  lines.push_back(bench({"fast-forward, rough cell", "the same by fading links, 300 rounds without gradient",
                         fading, 100'000, milliseconds(0), 300, 1.0}));
}

}  // namespace telegrad::bench
