#include "sim/app/link_facts.h"

#include "channels/networks.h"
#include "sim/core/errors.h"
#include "sim/exchanges/exchanges.h"
#include "sim/exchanges/waits.h"
#include "sim/programs/programs.h"

namespace telegrad::app {

LinkFacts link_facts(const Value& scenario) {
  Observer nobody;
  auto workers = static_cast<std::uint32_t>(scenario["workers"].integer());
  channels::NetworkContext context{.workers = workers, .seed = 1, .observer = &nobody};
  auto network = channels::networks().make(scenario["network"], context);
  NodeId hub{workers};
  return {network->facts(), network->limit(NodeId{0}, hub, Leg::up),
          network->limit(hub, NodeId{0}, Leg::down)};
}

namespace {

/// CLAT with a measured cost sends what its link has taught it.
bool reads_link(const Value& scenario) {
  const Value* compression = scenario.find("compression");  // the scenario of a replayed trace has none
  const Value* uplink = compression == nullptr ? nullptr : compression->find("uplink");
  const Value* cost = uplink == nullptr ? nullptr : uplink->find("cost");
  return cost != nullptr && (*cost)["model"].text() == "measured";
}

}  // namespace

std::string model_dependence(const Value& scenario, const NetworkFacts& network) {
  const Value& program = scenario["program"];
  const std::string& type = program["type"].text();
  if (!programs::programs().at(type).make.recordable) return "the program '" + type + "' lets it";
  const Value* wait = program["exchange"].find("wait");
  if (wait != nullptr && !exchanges::waits().make(*wait).for_everybody()) {
    return "the exchange closes a round without everybody";
  }
  if (reads_link(scenario)) return "workers send what they have learnt of their links";
  if (!network.reliable) return "the network may lose what is sent";
  return "";
}

void check_exchange(const Value& scenario, const TrainingFacts& training, const NetworkFacts& network) {
  const bool cohort = programs::cohort_of(scenario["program"]) > 0;
  const auto& program = programs::programs().at(scenario["program"]["type"].text());
  const exchanges::Demands demands{.shapes = training.shapes,
                                   .hub = training.needs_hub || cohort,
                                   .of_its_round = training.of_its_round,
                                   .whole_down = cohort || training.whole_down,
                                   .passes_models = program.make.passes_models};
  auto misfits = exchanges::misfits(scenario["program"]["exchange"], demands, network);
  if (!misfits.empty()) throw ScenarioError("", std::move(misfits));
}

void check_sampling(const Value& scenario, const NetworkFacts& network) {
  if (scenario["network"].find("sampling") == nullptr) return;
  std::string reason = model_dependence(scenario, network);
  if (programs::cohort_of(scenario["program"]) > 0) reason = "no two rounds have the same cohort";
  if (reason.empty()) return;
  throw ScenarioError(
      "",
      {Problem{"/network/sampling", 0, 0, "rounds cannot be drawn where their traffic may differ: " + reason,
               "leave sampling out, or use links and an exchange that deliver everything"}});
}

std::string link_dependence(const Value& scenario, const LinkFacts& link) {
  std::string why = model_dependence(scenario, link.network);
  if (!why.empty()) return why;
  if (scenario["stop"].find("max_rounds") == nullptr) {
    return "simulated time alone ends the run: stop has no max_rounds";
  }
  if (link.limit_up != link.limit_down) return "blocks are cut differently on the way up and down";
  return why;
}

}  // namespace telegrad::app
