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

}  // namespace

ProgramEntry incremental() {
  return {
      {.name = "incremental",
       .summary = "every cycle: one model goes from worker to worker, each steps and passes it on, quantised",
       .source = "Rabbat and Nowak 2005",
       .parameters = {typed("exchange", "exchanges", "how the model reaches the next worker (and all others)")
                          .otherwise_json(R"({"type": "star"})")},
       .example = R"({"type": "incremental", "exchange": {"type": "star"}})"},
      {.spawn = spawn, .passes_models = true}};
}

}  // namespace telegrad::programs
