#include "sim/app/round_bytes.h"

#include "sim/exchanges/exchanges.h"

namespace telegrad::app {

double round_bytes(const Value& scenario, const TrainingFacts& facts) {
  const auto& exchange = exchanges::exchanges().at(scenario["program"]["exchange"]["type"].text()).make;
  const Shape shape = facts.shapes.empty() ? Shape::local : facts.shapes.front();
  return exchange.round_bytes(shape, scenario["workers"].number(), static_cast<double>(facts.up_bytes),
                              static_cast<double>(facts.down_bytes));
}

}  // namespace telegrad::app
