#include "sim/app/keys.h"

#include "sim/app/catalogues.h"
#include "sim/app/identity.h"
#include "sim/app/plugin.h"
#include "sim/app/simulated_device.h"
#include "sim/core/pointer.h"
#include "sim/core/resolve.h"

namespace telegrad::app {
namespace {

Value member_or_null(const Value& object, const char* key) {
  const Value* value = object.find(key);
  return value == nullptr ? Value() : *value;
}

/// The host as far as bits depend on it: `auto` is what it is on this machine.
Value host_identity(const Value& scenario) {
  const Value& host = scenario["host"];
  return Value::Object{{"device", training_plugin().device(host["device"].text())},
                       {"deterministic", host["deterministic"]}};
}

}  // namespace

Value recording_dependencies(const Value& scenario, std::uint32_t block_limit) {
  const Value& evaluation = scenario["evaluation"];
  return Value::Object{{"workers", scenario["workers"]},
                       {"training_seed", scenario["seeds"]["training"]},
                       {"training", scenario["training"]},
                       {"compression", scenario["compression"]},
                       {"program", scenario["program"]},
                       {"every_rounds", evaluation["every_rounds"]},
                       {"split", evaluation["split"]},
                       {"max_rounds", member_or_null(scenario["stop"], "max_rounds")},
                       {"accuracy", member_or_null(scenario["stop"], "accuracy")},
                       {"host", host_identity(scenario)},
                       {"measured", measured(scenario["simulated_device"])},
                       {"block_bytes", std::int64_t{block_limit}},
                       {"data", data_identity(scenario["training"])},
                       {"program_identity", program_identity()}};
}

Value cell_dependencies(const Value& scenario) {
  Value what = scenario;
  remove_at(what, "/name");
  what.set("host", host_identity(scenario));
  remove_at(what, "/network/outputs");
  remove_at(what, "/evaluation/targets");
  what.set("data", data_identity(scenario["training"]));
  what.set("program_identity", program_identity());
  return what;
}

Value recording_scenario(const Value& scenario, std::uint32_t block_limit) {
  std::string network =
      R"({"type": "ideal", "latency_ms": 0, "block_bytes": )" + std::to_string(block_limit) + "}";
  Value recording = scenario;
  recording.set("network", resolve_trusted(network, light_catalogues().at("networks"), light_catalogues()));
  remove_at(recording, "/stop/max_simulated_s");
  return recording;
}

}  // namespace telegrad::app
