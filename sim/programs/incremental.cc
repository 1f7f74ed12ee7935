// Incremental SGD: one model goes round. In a cycle each worker in turn steps from the model that the one before it
// shared, and shares it again, as its compressor encodes it.

#include "sim/core/errors.h"
#include "sim/programs/programs.h"

namespace telegrad::programs {
namespace {

Task<> work(Learner& learner, Exchange& exchange, Rounds& rounds) {
  for (std::uint64_t round = 1; rounds.open(round); ++round) {
    exchange.begin(round);
    double loss = co_await learner.pass(round, exchange);
    exchange.end_learning(loss);
    rounds.finished(round, exchange.rank(), loss);
  }
}

/// Passes on what each worker shares.
Task<> serve(Hub& hub, Rounds& rounds) {
  for (std::uint64_t round = 1;; ++round) {  // ends with the workers
    hub.begin(round);
    for (std::uint32_t i = 0; i < hub.ranks(); ++i) {
      const Rank turn{i};
      Payload nothing;
      co_await hub.share(turn, std::move(nothing));
    }
    hub.end_serving();
    rounds.contributed(round, hub.ranks());
  }
}

void spawn(const Value&, const Stage& stage) {
  const std::string& why = stage.training.facts().cannot_pass;
  if (!why.empty()) {
    throw ScenarioError(
        "", {{"/compression/uplink", 0, 0, "the program incremental passes the model on, and " + why,
              "choose a method without feedback that one node applies alone: rounding, dense, natural"}});
  }
  for (std::uint32_t i = 0; i < stage.workers; ++i) {
    Exchange& exchange = stage.group.at(Rank{i});
    stage.network.spawn(exchange.node(), work(stage.training.learner(Rank{i}), exchange, stage.rounds),
                        Role::worker);
  }
  if (Hub* hub = stage.group.hub()) {
    stage.network.spawn(hub->node(), serve(*hub, stage.rounds), Role::service);
  }
}

}  // namespace

ProgramEntry incremental() {
  return {
      {.name = "incremental",
       .summary = "every cycle: one model goes from worker to worker, each steps and passes it on, quantised",
       .source = "Rabbat and Nowak 2005",
       .parameters = {typed("exchange", "exchanges", "how the model reaches the next worker (and all others)")
                          .otherwise_json(R"({"type": "star"})")},
       .example = R"({"type": "incremental", "exchange": {"type": "star"}})"},
      spawn};
}

}  // namespace telegrad::programs
