#include "sim/app/probe.h"

#include <algorithm>
#include <string_view>

#include "sim/app/experiment.h"
#include "sim/app/simulated_device.h"
#include "sim/core/pointer.h"
#include "sim/programs/transfer.h"
#include "sim/results/leg.h"

namespace telegrad::app {
namespace {

class Stopwatch final : public Observer {
 public:
  Stopwatch(std::uint32_t workers, std::vector<ProbeRound>& rounds) : workers_(workers), rounds_(rounds) {}

  void message(const MessageRecord& record) override {
    ProbeRound& round = at(record.round);
    auto way = results::leg_of(record.purpose);
    if (!way || record.blocks == 0) return;
    const bool up = *way == Leg::up;
    ProbeLeg& leg = up ? round.up : round.down;
    leg.blocks += record.blocks;
    leg.lost_blocks += record.lost_blocks;
    if (record.delivered == kNever) return;
    auto& worker = leg.seconds.at((up ? record.from : record.to).value);
    worker = worker.value_or(0) + seconds(record.delivered - record.queued);
  }

  void round(const RoundRecord& record) override {
    ProbeRound& round = at(record.round);
    round.begin_s = seconds(record.begin);
    round.end_s = seconds(record.end);
    round.on_air = record.on_air;
  }

 private:
  ProbeRound& at(std::uint64_t round) {
    while (rounds_.size() < round) {
      ProbeRound& added = rounds_.emplace_back();
      added.up.seconds.resize(workers_);
      added.down.seconds.resize(workers_);
    }
    return rounds_[round - 1];
  }

  std::uint32_t workers_;
  std::vector<ProbeRound>& rounds_;
};

std::vector<double> known(const std::vector<std::optional<double>>& seconds) {
  std::vector<double> values;
  for (const auto& value : seconds) {
    if (value) values.push_back(*value);
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

std::optional<double> ProbeLeg::slowest() const {
  auto values = known(seconds);
  return values.empty() ? std::nullopt : std::optional(values.back());
}

std::optional<double> ProbeLeg::median() const {
  auto values = known(seconds);
  return values.empty() ? std::nullopt : std::optional(values[(values.size() - 1) / 2]);
}

ProbeResult probe(const Value& scenario, std::uint64_t bytes, std::uint64_t rounds) {
  Value probing = scenario;
  set_at(probing, "/simulated_device", instant_devices());
  set_at(probing, "/stop", Value(Value::Object{{"max_rounds", Value(static_cast<std::int64_t>(rounds))}}));
  set_at(probing, "/evaluation/every_rounds", Value(0));
  remove_at(probing, "/network/sampling");
  ProbeResult result{.exchange = scenario["program"]["exchange"]["type"].text(),
                     .bytes = bytes,
                     .phy_rate_mbps = {},
                     .device_rate_mbps = {},
                     .rounds = {}};
  auto workers = static_cast<std::uint32_t>(scenario["workers"].integer());
  Stopwatch stopwatch(workers, result.rounds);
  Experiment experiment(probing, std::make_unique<programs::Transfer>(workers, bytes, bytes), 1, stopwatch);
  result.phy_rate_mbps = experiment.network().phy_rate_mbps;
  result.device_rate_mbps = experiment.network().device_rate_mbps;
  experiment.run();
  return result;
}

}  // namespace telegrad::app
