#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "sim/core/exchange.h"
#include "training/methods/compressor.h"

namespace telegrad::training {

/// What a round's average came to at one worker.
struct Update {
  at::Tensor values;           // [d] float32
  std::uint64_t identity = 0;  // equal for equal updates, so that equal replicas stay one
  bool replaces = false;       // values are the next parameters themselves
};

/// How gradients are averaged over the workers.
class Method {
 public:
  virtual ~Method() = default;
  /// Of the folds that it asks its exchange for.
  virtual std::vector<Shape> shapes() const = 0;
  /// Whether a contribution means nothing in a later round.
  virtual bool of_its_round() const = 0;
  /// Whether what it sends depends on what it learnt of its link.
  virtual bool reads_link() const { return false; }
  /// Whether its hub does what no fold can.
  virtual bool needs_hub() const { return false; }
  /// A worker's part of one round. gradient: [d] float32.
  virtual Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) = 0;
  /// A worker's part of a round that was over without it: the update alone. Only where there are encoders.
  virtual Task<Update> keep_up(Step step, Exchange& exchange);
  /// What one worker encodes vectors by on its own; nullptr where there is no such thing.
  virtual Compressor* encoder(std::uint32_t /*rank*/) { return nullptr; }
  /// The hub's part of one round.
  virtual Task<> serve(Step step, Hub& hub) = 0;
  /// The mean of what a cohort of so many sent by their encoders; the hub alone has it. Only where there are encoders.
  virtual Task<Update> cohort_mean(Step step, std::uint32_t cohort, Hub& hub);
  /// Why it cannot average how far models went instead of gradients; empty where it can.
  virtual std::string wants_gradients() const { return ""; }
  /// What it has learnt about itself, in sentences; asked when the run is over.
  virtual std::vector<std::string> remarks() const { return {}; }
};

/// A worker's messages of a steady round in blocks of 64 KiB, added up over its exchanges. What one worker sends for
/// all counts for each by its share.
struct MessageSizes {
  std::uint64_t up_bytes = 0;
  std::uint64_t up_information_bits = 0;
  std::uint64_t down_bytes = 0;
  std::uint64_t down_information_bits = 0;
};

/// A method that is no compressor: it exchanges several things in a round, or folds in its own way.
class Collective : public Method {
 public:
  bool of_its_round() const final { return true; }
  virtual MessageSizes sizes() const = 0;
  /// What this worker keeps for later rounds: [d], empty without feedback.
  virtual std::span<const float> residual(std::uint32_t rank) const = 0;
};

/// What a worker reduces by whose hub does all the folding.
class AtHub final : public Fold {
 public:
  Shape shape() const override { return Shape::local; }
  Payload fold(std::span<const Part>, Cut) override { return {}; }
};

/// The method of a resolved "compression", nullptr where its up-link is a compressor. Throws ScenarioError where a
/// down-link stands beside it, and for a model without parameters.
std::unique_ptr<Collective> make_collective(const Value& compression, NodeContext context);

}  // namespace telegrad::training
