#include "sim/programs/actors.h"

namespace telegrad::programs {
namespace {

Task<> work(Learner& learner, Exchange& exchange, Rounds& rounds, WorkerRound learn) {
  for (std::uint64_t round = 1; rounds.open(round); ++round) {
    exchange.begin(round);
    double loss = co_await learn(learner, round, exchange);
    exchange.end_learning(loss);
    rounds.finished(round, exchange.rank(), loss);
  }
}

Task<> serve(Training& training, Hub& hub, Rounds& rounds, HubRound answer) {
  for (std::uint64_t round = 1;; ++round) {  // ends with the workers
    hub.begin(round);
    auto contributions = co_await answer(training, round, hub);
    const std::vector<Rank> punctual = hub.punctual();
    co_await training.serve_statistics(round, hub);
    hub.end_serving();
    rounds.contributed(round, contributions, punctual);
  }
}

}  // namespace

Task<std::uint32_t> serve_training(Training& training, std::uint64_t round, Hub& hub) {
  co_await training.serve(round, hub);
  co_return hub.contributions();
}

void spawn_rounds(const Stage& stage, const WorkerRound& worker, HubRound answer) {
  for (std::uint32_t i = 0; i < stage.workers; ++i) {
    Exchange& exchange = stage.group.at(Rank{i});
    stage.network.spawn(exchange.node(),
                        work(stage.training.learner(Rank{i}), exchange, stage.rounds, worker), Role::worker);
  }
  if (Hub* hub = stage.group.hub()) {
    stage.network.spawn(hub->node(), serve(stage.training, *hub, stage.rounds, answer), Role::service);
  }
}

}  // namespace telegrad::programs
