#include "sim/app/experiment.h"

#include <algorithm>
#include <thread>

#include "channels/networks.h"
#include "channels/sampling.h"
#include "sim/app/plugin.h"
#include "sim/app/simulated_device.h"
#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"

namespace telegrad::app {
namespace {

unsigned host_threads(unsigned asked) {
  return asked > 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
}

std::uint32_t workers_of(const Value& scenario) {
  return static_cast<std::uint32_t>(scenario["workers"].integer());
}

std::uint64_t seed_of(const Value& scenario, const char* which) {
  return static_cast<std::uint64_t>(scenario["seeds"][which].integer());
}

programs::Budget budget_of(const Value& scenario) {
  programs::Budget budget;
  const Value& stop = scenario["stop"];
  if (const Value* rounds = stop.find("max_rounds"))
    budget.max_rounds = static_cast<std::uint64_t>(rounds->integer());
  if (const Value* accuracy = stop.find("accuracy")) budget.stop_at_accuracy = accuracy->number();
  budget.evaluate_every = static_cast<std::uint64_t>(scenario["evaluation"]["every_rounds"].integer());
  return budget;
}

SimTime horizon_of(const Value& scenario) {
  const Value* limit = scenario["stop"].find("max_simulated_s");
  return limit == nullptr ? kNever : from_seconds(limit->number());
}

std::unique_ptr<Network> make_network(const Value& scenario, Observer& observer) {
  channels::NetworkContext context{
      .workers = workers_of(scenario), .seed = seed_of(scenario, "network"), .observer = &observer};
  return channels::networks().make(scenario["network"], context);
}

}  // namespace

Experiment::Experiment(const Value& scenario, std::unique_ptr<Training> training, unsigned threads,
                       Observer& observer)
    : workers_(workers_of(scenario)), horizon_(horizon_of(scenario)), pool_(host_threads(threads)),
      devices_(make_devices(scenario["simulated_device"], workers_, seed_of(scenario, "training"))),
      training_(std::move(training)) {
  observers_.add(fingerprint_);
  observers_.add(observer);
  network_ = make_network(scenario, observers_);
  Host host{*network_, devices_, &pool_, observers_};
  const Value& program = scenario["program"];
  check_exchange(scenario, training_->facts(), network_->facts());
  group_ = exchanges::exchanges().make(program["exchange"], host, workers_);
  rounds_ = std::make_unique<programs::Rounds>(host, *training_, workers_, budget_of(scenario));
  programs::Stage stage{*network_, *group_, *training_, *rounds_, workers_, seed_of(scenario, "training")};
  programs::programs().make(program, stage);
  sample(scenario);
}

void Experiment::sample(const Value& scenario) {
  auto settings = channels::sampling_of(scenario["network"]);
  if (!settings) return;
  check_sampling(scenario, network_->facts());
  settings->seed = seed_of(scenario, "network");
  if (const Value* rounds = scenario["stop"].find("max_rounds")) {
    settings->last_round = static_cast<std::uint64_t>(rounds->integer());
  }
  network_->set_sampling(*settings);
}

Experiment::~Experiment() { network_->drop(); }  // actors refer to all the rest

std::string Experiment::run() {
  bool ended = network_->run(horizon_);
  rounds_->finish();
  if (network_->stopped()) return "interrupted";
  return ended ? rounds_->stop_reason() : "max_simulated_s";
}

void Experiment::stop() noexcept { network_->stop(); }

std::uint32_t Experiment::block_limit_up() const {
  return network_->limit(NodeId{0}, NodeId{workers_}, Leg::up);
}
std::uint32_t Experiment::block_limit_down() const {
  return network_->limit(NodeId{workers_}, NodeId{0}, Leg::down);
}

std::unique_ptr<Training> make_training(const Value& scenario) {
  const std::string& split = scenario["evaluation"]["split"].text();
  const Value& program = scenario["program"];
  TrainingContext context{.workers = workers_of(scenario),
                          .seed = seed_of(scenario, "training"),
                          .evaluate_validation = split != "test",
                          .evaluate_test = split != "validation",
                          .device = scenario["host"]["device"].text(),
                          .deterministic = scenario["host"]["deterministic"].boolean(),
                          .measured = measured(scenario["simulated_device"]),
                          .cohort = programs::cohort_of(program),
                          .resync_rounds = exchanges::resync_rounds(program["exchange"]),
                          .averages_models = programs::averages_models(program)};
  return training_plugin().make(scenario["training"], scenario["compression"], context);
}

LinkFacts link_facts_of(const Experiment& experiment) {
  return {experiment.network(), experiment.block_limit_up(), experiment.block_limit_down()};
}

}  // namespace telegrad::app
