#include "sim/app/round_bytes.h"

#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"

namespace telegrad::app {

double round_bytes(const Value& scenario, const TrainingFacts& facts) {
  const auto& exchange = exchanges::exchanges().at(scenario["program"]["exchange"]["type"].text()).make;
  const Shape shape = facts.shapes.empty() ? Shape::local : facts.shapes.front();
  const std::uint32_t cohort = programs::cohort_of(scenario["program"]);
  const double taking_part = cohort > 0 ? cohort : scenario["workers"].number();
  const auto apart = static_cast<double>(facts.summed_apart);
  return exchange.round_bytes(shape, taking_part, static_cast<double>(facts.up_bytes) - apart,
                              static_cast<double>(facts.down_bytes) - apart) +
         exchange.round_bytes(Shape::linear, taking_part, apart, apart);
}

}  // namespace telegrad::app
