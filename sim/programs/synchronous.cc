// Synchronous data-parallel SGD: in each round every worker computes a gradient, the group averages, everybody
// applies the same update.

#include "sim/programs/actors.h"

namespace telegrad::programs {
namespace {

void spawn(const Value&, const Stage& stage) {
  auto step = [](Learner& learner, std::uint64_t round, Exchange& exchange) {
    return learner.step(round, exchange);
  };
  spawn_rounds(stage, step, serve_training);
}

}  // namespace

ProgramEntry synchronous() {
  return {{.name = "synchronous",
           .summary = "every round: gradients of all workers, one average, the same update everywhere",
           .source = "",
           .parameters = {typed("exchange", "exchanges", "how gradients are averaged")
                              .otherwise_json(R"({"type": "star"})")},
           .example = R"({"type": "synchronous", "exchange": {"type": "star"}})"},
          {.spawn = spawn, .recordable = true}};
}

}  // namespace telegrad::programs
