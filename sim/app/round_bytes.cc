#include "sim/app/round_bytes.h"

#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"

namespace telegrad::app {

namespace {

const exchanges::MakeExchange& exchange_of(const Value& scenario) {
  return exchanges::exchanges().at(scenario["program"]["exchange"]["type"].text()).make;
}

double taking_part(const Value& scenario) {
  const std::uint32_t cohort = programs::cohort_of(scenario["program"]);
  return cohort > 0 ? cohort : scenario["workers"].number();
}

}  // namespace

double copies_down(const Value& scenario, const NetworkFacts& network) {
  return network.broadcasts_down ? 1 : taking_part(scenario);
}

double resync_bytes(const Value& scenario, const TrainingFacts& facts, const NetworkFacts& network) {
  const double others = scenario["workers"].number() - 1;
  return static_cast<double>(facts.resync_bytes) * (1 + (network.broadcasts_down ? 1 : others));
}

double round_bytes(const Value& scenario, const TrainingFacts& facts, const NetworkFacts& network) {
  const auto& exchange = exchange_of(scenario);
  const auto up = static_cast<double>(facts.up_bytes);
  const auto down = static_cast<double>(facts.down_bytes);
  const double members = taking_part(scenario);
  const std::uint64_t every = exchanges::resync_rounds(scenario["program"]["exchange"]);
  const double resync = every == 0 ? 0 : resync_bytes(scenario, facts, network) / static_cast<double>(every);
  if (exchange.hub && network.broadcasts_down) return members * up + down + resync;
  const Shape shape = facts.shapes.empty() ? Shape::local : facts.shapes.front();
  const auto apart = static_cast<double>(facts.summed_apart);
  return exchange.round_bytes(shape, members, up - apart, down - apart) +
         exchange.round_bytes(Shape::linear, members, apart, apart) + resync;
}

}  // namespace telegrad::app
