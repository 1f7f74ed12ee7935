// Synchronous data-parallel SGD: in each round every worker computes a gradient, the group averages, everybody
// applies the same update.

#include "sim/programs/actors.h"

namespace telegrad::programs {
namespace {

Task<std::uint32_t> serve(Training& training, std::uint64_t round, Hub& hub) {
  co_await training.serve(round, hub);
  co_return hub.contributions();
}

void spawn(const Value&, const Stage& stage) {
  auto step = [](Learner& learner, std::uint64_t round, Exchange& exchange) {
    return learner.step(round, exchange);
  };
  spawn_rounds(stage, step, serve);
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
