// Synchronous data-parallel SGD: in each round every worker computes a gradient, the group averages, everybody
// applies the same update.

#include "sim/programs/programs.h"

namespace telegrad::programs {
namespace {

Task<> work(Learner& learner, Exchange& exchange, Rounds& rounds) {
  for (std::uint64_t round = 1; rounds.open(round); ++round) {
    exchange.begin(round);
    double loss = co_await learner.step(round, exchange);
    exchange.end_learning(loss);
    rounds.finished(round, exchange.rank(), loss);
  }
}

Task<> serve(Training& training, Hub& hub, Rounds& rounds) {
  for (std::uint64_t round = 1;; ++round) {  // ends with the workers
    hub.begin(round);
    co_await training.serve(round, hub);
    hub.end_serving();
    rounds.contributed(round, hub.contributions());
  }
}

void spawn(const Value&, const Stage& stage) {
  for (std::uint32_t i = 0; i < stage.workers; ++i) {
    Exchange& exchange = stage.group.at(Rank{i});
    stage.network.spawn(exchange.node(), work(stage.training.learner(Rank{i}), exchange, stage.rounds),
                        Role::worker);
  }
  if (Hub* hub = stage.group.hub()) {
    stage.network.spawn(hub->node(), serve(stage.training, *hub, stage.rounds), Role::service);
  }
}

}  // namespace

ProgramEntry synchronous() {
  return {{.name = "synchronous",
           .summary = "every round: gradients of all workers, one average, the same update everywhere",
           .source = "",
           .parameters = {typed("exchange", "exchanges", "how gradients are averaged")
                              .otherwise_json(R"({"type": "star"})")},
           .example = R"({"type": "synchronous", "exchange": {"type": "star"}})"},
          spawn};
}

}  // namespace telegrad::programs
