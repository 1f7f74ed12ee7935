#include "sim/app/explanation.h"

#include <algorithm>

#include "sim/app/link_facts.h"
#include "sim/app/plugin.h"
#include "sim/app/round_bytes.h"
#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"

namespace telegrad::app {
namespace {

// What the host does in a second, for a rough guess of how long a run takes.
constexpr double kHostFlopsPerThread = 1e10;
constexpr double kHostRadioBytes = 4e6;  // serialised bytes of simulated Wi-Fi on one core

/// The least that the bytes of a round take in the long run: all of them at the PHY rate, and each worker's over its
/// link, up and then down but for what passes at once; without a hub, its share of all.
std::optional<double> air_time(const NetworkFacts& network, const TrainingFacts& facts, double workers,
                               double round_bytes, bool has_hub) {
  const auto at_rate = [](double bytes, double rate_mbps) { return bytes * 8 / (rate_mbps * 1e6); };
  const auto up = static_cast<double>(facts.up_bytes);
  const auto down = static_cast<double>(facts.down_bytes);
  std::optional<double> least;
  // A broadcast goes once, at a rate of its own.
  const double unicast = network.broadcasts_down ? workers * up : round_bytes;
  if (auto rate = network.phy_rate_mbps) least = at_rate(unicast, *rate);
  if (auto rate = network.device_rate_mbps) {
    const double burst = network.device_burst_bytes;
    const double in_turn = std::max(up - burst, 0.0) + std::max(down - burst, 0.0);
    const double most =
        has_hub ? std::max({up, down, in_turn}) : std::max(round_bytes / workers - burst, 0.0);
    least = std::max(least.value_or(0), at_rate(most, *rate));
  }
  return least;
}

ExpectedCost cost_of(const Value& scenario, const Experiment& experiment, double workers) {
  const TrainingFacts& facts = experiment.training();
  const DeviceProfile& device = experiment.devices().profile();
  const double round_bytes = app::round_bytes(scenario, facts, experiment.network());
  const double gradient = static_cast<double>(facts.batch_size) * facts.flops_per_sample;
  double gradients = 0;  // of all workers
  double longest = 0;    // of a worker, on a device of speed 1
  for (std::uint32_t i = 0; i < facts.portions.size(); ++i) {
    const std::uint64_t batches = (facts.portions[i].samples + facts.batch_size - 1) / facts.batch_size;
    const auto mine = static_cast<double>(programs::gradients_of(scenario["program"], batches));
    gradients += mine;
    longest = std::max(longest, mine / experiment.devices().speed_factor(NodeId{i}));
  }
  const double round_flops = gradient * gradients * workers / scenario["workers"].number();
  ExpectedCost cost;
  if (device.flops_per_s) cost.compute_round_s = longest * gradient / *device.flops_per_s;
  cost.air_round_s = air_time(experiment.network(), facts, workers, round_bytes, experiment.has_hub());
  double round_s = cost.compute_round_s.value_or(0) + cost.air_round_s.value_or(0);
  const Value* rounds = scenario["stop"].find("max_rounds");
  const Value* limit = scenario["stop"].find("max_simulated_s");
  if (rounds != nullptr) cost.rounds = rounds->number();
  if (limit != nullptr && round_s > 0) {
    cost.rounds = std::min(cost.rounds.value_or(limit->number() / round_s), limit->number() / round_s);
  }
  if (!cost.rounds) return cost;
  cost.traffic_bytes = *cost.rounds * round_bytes;
  if (round_s > 0) cost.simulated_s = *cost.rounds * round_s;
  double host_round = round_flops / (kHostFlopsPerThread * experiment.threads());
  if (cost.air_round_s) host_round += round_bytes / kHostRadioBytes;
  cost.host_s = *cost.rounds * host_round;
  return cost;
}

}  // namespace

Explanation explain(const Value& scenario, const Experiment& experiment) {
  const TrainingFacts& facts = experiment.training();
  auto workers = static_cast<std::uint32_t>(scenario["workers"].integer());
  const std::uint32_t cohort = programs::cohort_of(scenario["program"]);
  const std::uint32_t taking_part = cohort > 0 ? cohort : workers;
  auto leg = [](std::uint64_t bits, std::uint64_t bytes) {
    return LegBytes{static_cast<double>(bits) / 8, static_cast<double>(bytes)};
  };
  return Explanation{.about = manifest(scenario, experiment, training_plugin().torch_version()),
                     .workers = workers,
                     .taking_part = taking_part,
                     .parameters = static_cast<double>(facts.parameters),
                     .up = leg(facts.up_information_bits, facts.up_bytes),
                     .down = leg(facts.down_information_bits, facts.down_bytes),
                     .has_hub = experiment.has_hub(),
                     .copies_down = copies_down(scenario, experiment.network()),
                     .resync_bytes = resync_bytes(scenario, facts, experiment.network()),
                     .resync_rounds = exchanges::resync_rounds(scenario["program"]["exchange"]),
                     .round_bytes = round_bytes(scenario, facts, experiment.network()),
                     .device_rate_mbps = experiment.network().device_rate_mbps,
                     .device = experiment.devices().profile(),
                     .cost = cost_of(scenario, experiment, taking_part),
                     .link_dependence = link_dependence(scenario, link_facts_of(experiment))};
}

namespace {

Value number(const std::optional<double>& value) { return value ? Value(*value) : Value(); }

Value leg(const LegBytes& bytes, double parameters) {
  return Value(Value::Object{{"information_bytes", Value(bytes.information)},
                             {"serialised_bytes", Value(bytes.serialised)},
                             {"dense_fp32_bytes", Value(4 * parameters)}});
}

Value device(const DeviceProfile& profile) {
  return Value(Value::Object{{"profile", Value(profile.name)},
                             {"flops_per_s", number(profile.flops_per_s)},
                             {"codec_bytes_per_s", number(profile.codec_bytes_per_s)},
                             {"active_power_w", number(profile.active_power_w)},
                             {"source", Value(profile.source)}});
}

}  // namespace

Value to_value(const Explanation& what) {
  const ExpectedCost& cost = what.cost;
  return Value(Value::Object{
      {"scenario", what.about.scenario},
      {"parameters", Value(static_cast<std::int64_t>(what.parameters))},
      {"message_up", leg(what.up, what.parameters)},
      {"message_down", leg(what.down, what.parameters)},
      {"round_serialised_bytes", Value(what.round_bytes)},
      {"round_up_serialised_bytes", what.has_hub ? Value(what.taking_part * what.up.serialised) : Value()},
      {"round_down_serialised_bytes",
       what.has_hub ? Value(what.copies_down * what.down.serialised) : Value()},
      {"resync_rounds",
       what.resync_rounds > 0 ? Value(static_cast<std::int64_t>(what.resync_rounds)) : Value()},
      {"resync_serialised_bytes", what.resync_rounds > 0 ? Value(what.resync_bytes) : Value()},
      {"phy_rate_mbps", number(what.about.phy_rate_mbps)},
      {"device_rate_mbps", number(what.device_rate_mbps)},
      {"link_dependence", Value(what.link_dependence)},
      {"simulated_device", device(what.device)},
      {"expected", Value(Value::Object{{"rounds", number(cost.rounds)},
                                       {"traffic_bytes", number(cost.traffic_bytes)},
                                       {"compute_round_s", number(cost.compute_round_s)},
                                       {"air_round_at_least_s", number(cost.air_round_s)},
                                       {"simulated_at_least_s", number(cost.simulated_s)},
                                       {"host_roughly_s", number(cost.host_s)}})},
      {"warnings", texts(what.about.warnings)},
      {"assumptions", texts(what.about.assumptions)},
      {"not_modelled", texts(what.about.not_modelled)},
  });
}

}  // namespace telegrad::app
