// Incremental SGD: one model goes round. In a cycle each worker in turn steps from the model that the one before it
// shared, and shares it again, as its compressor encodes it.

#include "sim/core/errors.h"
#include "sim/programs/actors.h"

namespace telegrad::programs {
namespace {

/// Passes on what each worker shares.
Task<std::uint32_t> serve(Training&, std::uint64_t, Hub& hub) {
  for (std::uint32_t i = 0; i < hub.ranks(); ++i) {
    const Rank turn{i};
    Payload nothing;
    co_await hub.share(turn, std::move(nothing));
  }
  co_return hub.ranks();
}

void spawn(const Value&, const Stage& stage) {
  const std::string& why = stage.training.facts().cannot_pass;
  if (!why.empty()) {
    throw ScenarioError(
        "", {{"/compression/uplink", 0, 0, "the program incremental passes the model on, and " + why,
              "choose a method without feedback that one node applies alone (rounding, dense, natural), no "
              "momentum, and statistics: local"}});
  }
  auto pass = [](Learner& learner, std::uint64_t round, Exchange& exchange) {
    return learner.pass(round, exchange);
  };
  spawn_rounds(stage, pass, serve);
}

/// The hub passes on what it gets: it collects nothing that it could wait for.
void check(const Value& resolved, std::vector<Problem>& problems) {
  const Value& exchange = resolved["exchange"];
  const Value* wait = exchange.find("wait");
  if (wait != nullptr && (*wait)["type"].text() != "everybody") {
    problems.push_back(
        {"/exchange/wait", 0, 0,
         "the program incremental waits for each worker in its turn, never for " + (*wait)["type"].text(),
         "leave it out, or take the program synchronous or local_sgd"});
  }
  const Value* late = exchange.find("late");
  if (late != nullptr && late->text() != "returned") {
    problems.push_back({"/exchange/late", 0, 0, "nothing comes late in the program incremental",
                        "leave it out, or take the program synchronous or local_sgd"});
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
       .example = R"({"type": "incremental", "exchange": {"type": "star"}})",
       .check = check},
      {.spawn = spawn, .passes_models = true}};
}

}  // namespace telegrad::programs
