#include "sim/core/recording.h"

namespace telegrad {

std::uint32_t Recorder::shadow_of(const Payload& payload) {
  Shadow shadow;
  shadow.information_bits = payload.information_bits();
  for (const Block& block : payload.blocks()) shadow.sizes.push_back(block.size);
  auto [at, added] = known_.try_emplace(shadow, static_cast<std::uint32_t>(recording_.shadows.size()));
  if (added) recording_.shadows.push_back(std::move(shadow));
  return at->second;
}

void Recorder::operation(NodeId node, const Operation& operation) {
  Recording::Step step{
      operation.kind, operation.phase, operation.cost, operation.origin, operation.shape, operation.loss, 0};
  if (Operation::has_payload(operation.kind)) step.shadow = shadow_of(operation.payload);
  recording_.nodes.at(node.value).push_back(step);
}

void Recorder::evaluated(std::uint64_t round, const Evaluation& evaluation) {
  recording_.evaluations[round] = evaluation;
}

Recording Recorder::finish(std::string key, const TrainingFacts& facts) && {
  recording_.key = std::move(key);
  recording_.facts = facts;
  return std::move(recording_);
}

}  // namespace telegrad
