#pragma once

#include "sim/core/resolve.h"
#include "sim/core/sampling.h"
#include "sim/exchanges/exchanges.h"
#include "sim/programs/programs.h"
#include "tests/support/networks_under_test.h"

namespace telegrad::testing_support {

/// A registered thing with its defaults, as a scenario would name it.
inline std::string of_type(const std::string& name) { return "{\"type\": \"" + name + "\"}"; }

struct Plan {
  std::string network = R"({"type": "ideal"})";
  std::string exchange = R"({"type": "star"})";
  std::uint32_t workers = 4;
  std::uint64_t rounds = 10;
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::uint64_t evaluate_every = 0;
  SimTime horizon = std::chrono::hours(10);
  const Devices* devices = nullptr;  // left out: computing takes no time
  std::optional<SamplingSettings> sampling = {};
  std::string program = "synchronous";  // its name, or an object with its settings
  bool drains = false;                  // late workers end the last round too
};

struct Ran {
  bool ended = false;
  std::uint64_t rounds = 0;
  SimTime end{};
  std::string fingerprint;
  std::optional<SamplingReport> sampling;
};

/// Runs a training over a network by the synchronous program.
inline Ran run_synchronous(const Plan& plan, Training& training, Observer& observer) {
  Pool pool(plan.threads);
  Fingerprint fingerprint;
  Observers observers;
  observers.add(fingerprint);
  observers.add(observer);
  Devices instant(plan.workers + 1);
  const Devices& devices = plan.devices == nullptr ? instant : *plan.devices;
  auto network = make_network(plan.network, plan.workers, plan.seed, observers);
  if (plan.sampling) network->set_sampling(*plan.sampling);
  Host host{*network, devices, &pool, observers};
  Catalogues catalogues;
  exchanges::add_catalogues(catalogues);
  Value exchange = resolve_trusted(plan.exchange, catalogues.at("exchanges"), catalogues);
  auto group = exchanges::exchanges().make(exchange, host, plan.workers);
  programs::Budget budget{.max_rounds = plan.rounds,
                          .evaluate_every = plan.evaluate_every,
                          .stop_at_accuracy = {},
                          .drains = plan.drains};
  programs::Rounds rounds(host, training, plan.workers, budget);
  programs::Stage stage{*network, *group, training, rounds, plan.workers, plan.seed};
  const std::string named = plan.program.front() == '{' ? plan.program : of_type(plan.program);
  Value program = resolve_trusted(named, programs::programs().catalogue(), catalogues);
  programs::programs().make(program, stage);
  Ran ran;
  ran.ended = network->run(plan.horizon);
  rounds.finish();
  ran.rounds = rounds.completed();
  ran.end = network->now();
  ran.fingerprint = fingerprint.text();
  ran.sampling = network->sampling_report();
  network->drop();
  return ran;
}

}  // namespace telegrad::testing_support
