// Local SGD: in each round workers step alone from the same model, and the mean of how far they came moves it (Stich
// 2019; over rounds of clients drawn anew: federated averaging, McMahan et al. 2017).

#include <algorithm>
#include <numeric>

#include "sim/core/errors.h"
#include "sim/programs/actors.h"

namespace telegrad::programs {
namespace {

LocalWork work_of(const Value& resolved) {
  LocalWork work{.steps = static_cast<std::uint32_t>(resolved["local_steps"].integer())};
  if (const Value* epochs = resolved.find("local_epochs")) {
    work.epochs = static_cast<std::uint32_t>(epochs->integer());
  }
  return work;
}

/// So many of the workers, in rising order, drawn without replacement by the first steps of a shuffle.
std::vector<Rank> draw_cohort(std::uint32_t workers, std::uint32_t members, std::uint64_t seed,
                              std::uint64_t round) {
  std::vector<Rank> all(workers);
  for (std::uint32_t i = 0; i < workers; ++i) all[i] = Rank{i};
  Stream stream(
      StreamKey{.seed = seed, .purpose = Purpose::cohort, .round = static_cast<std::uint32_t>(round)});
  for (std::uint32_t i = 0; i < members; ++i) std::swap(all[i], all[i + stream.below(workers - i)]);
  all.resize(members);
  std::sort(all.begin(), all.end());
  return all;
}

/// A client: takes part when it is asked to.
Task<> attend(Learner& learner, Exchange& exchange, Rounds& rounds, LocalWork work) {
  for (;;) {  // ends with the run
    auto invitation = co_await exchange.invitation();
    const std::uint64_t round = invitation.round;
    exchange.begin(round);
    if (exchange.overtaken()) {  // it was busy with an earlier round until this one was over
      co_await learner.miss(exchange);
      continue;
    }
    Learnt learnt = [&exchange, &rounds, round](double loss) {
      exchange.end_learning(loss);
      rounds.learnt(round, exchange.rank(), loss);
    };
    co_await learner.visit(std::move(invitation), work, exchange, std::move(learnt));
    exchange.end_serving();
  }
}

/// The server.
Task<> lead(const Stage stage, Hub& hub, std::uint32_t members) {
  for (std::uint64_t round = 1; stage.rounds.open(round); ++round) {
    hub.begin(round);
    auto cohort = draw_cohort(stage.workers, members, stage.seed, round);
    co_await stage.training.serve_cohort(round, std::move(cohort), hub);
    hub.end_serving();
    stage.rounds.concluded(round, hub.contributions());
  }
}

void refuse(const std::string& pointer, const std::string& why, const std::string& remedy) {
  throw ScenarioError("", {{pointer, 0, 0, why, remedy}});
}

void spawn(const Value& resolved, const Stage& stage) {
  const TrainingFacts& facts = stage.training.facts();
  const LocalWork work = work_of(resolved);
  const std::uint32_t members = cohort_of(resolved);
  if (!facts.cannot_go_alone.empty()) {
    refuse("/compression/uplink",
           "the program local_sgd averages how far models went, and " + facts.cannot_go_alone,
           "take another method, or the program synchronous");
  }
  if (members == 0) {
    auto walk = [work](Learner& learner, std::uint64_t round, Exchange& exchange) {
      return learner.local(round, work, exchange);
    };
    return spawn_rounds(stage, walk, serve_training);
  }
  if (!facts.cannot_sample.empty()) {
    refuse("/program/clients_per_round", "not all workers take part in a round, and " + facts.cannot_sample,
           "take a method that is a compressor, or leave clients_per_round at 0");
  }
  for (std::uint32_t i = 0; i < stage.workers; ++i) {
    Exchange& exchange = stage.group.at(Rank{i});
    stage.network.spawn(exchange.node(),
                        attend(stage.training.learner(Rank{i}), exchange, stage.rounds, work), Role::service);
  }
  Hub& hub = *stage.group.hub();
  stage.network.spawn(hub.node(), lead(stage, hub, members), Role::worker);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  if (resolved.find("local_epochs") == nullptr || resolved["local_steps"].integer() == 1) return;
  problems.push_back({"/local_epochs", 0, 0, "stands beside local_steps", "give one of them"});
}

}  // namespace

ProgramEntry local_sgd() {
  return {
      {.name = "local_sgd",
       .summary = "every round: workers, or a few that are drawn, step alone; the mean of how far they came "
                  "is applied",
       .source = "Stich 2019; McMahan et al. 2017 (FedAvg)",
       .parameters = {integer("local_steps", "of a worker in a round").in(1, 1e6).otherwise(1),
                      integer("local_epochs",
                              "passes of a worker over its samples in a round, instead of local_steps")
                          .in(1, 1e4)
                          .optional(),
                      integer("clients_per_round",
                              "workers drawn for a round, by the seed of the training: they alone get the "
                              "server's model, and "
                              "keep none; 0: all take part, keep the model and get what is applied to it")
                          .in(0, 10000)
                          .otherwise(0),
                      typed("exchange", "exchanges", "how what they learnt is averaged")
                          .otherwise_json(R"({"type": "star"})")},
       .example =
           R"({"type": "local_sgd", "local_steps": 5, "clients_per_round": 2, "exchange": {"type": "star"}})",
       .check = check},
      {.spawn = spawn, .recordable = true}};
}

}  // namespace telegrad::programs
