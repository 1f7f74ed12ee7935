#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/observer.h"
#include "sim/core/training.h"

namespace telegrad {

/// A payload as a network feels it.
struct Shadow {
  std::vector<std::uint32_t> sizes;  // of its blocks
  std::uint64_t information_bits = 0;
  auto operator<=>(const Shadow&) const = default;
};

/// What a training did, node by node, and how good its models were: enough to play it over any link that loses
/// nothing, without LibTorch. No bytes and no durations.
struct Recording {
  struct Step {
    Operation::Kind kind{};
    Phase phase{};
    Cost cost;
    Rank origin;
    Shape shape = Shape::local;
    double loss = 0;
    std::uint32_t shadow = 0;  // index into `shadows`, where the step has a payload
    bool operator==(const Step&) const = default;
  };

  std::string key;  // of all that the training depends on
  TrainingFacts facts;
  std::vector<Shadow> shadows;                      // distinct ones
  std::vector<std::vector<Step>> nodes;             // by node: workers, then the hub; each in its own order
  std::map<std::uint64_t, Evaluation> evaluations;  // by round
};

/// Watches a run and records it.
class Recorder final : public Observer {
 public:
  explicit Recorder(std::uint32_t nodes) { recording_.nodes.resize(nodes); }
  void operation(NodeId node, const Operation& operation) override;
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override;

  /// After the run.
  Recording finish(std::string key, const TrainingFacts& facts) &&;

 private:
  std::uint32_t shadow_of(const Payload& payload);

  Recording recording_;
  std::map<Shadow, std::uint32_t> known_;
};

}  // namespace telegrad
