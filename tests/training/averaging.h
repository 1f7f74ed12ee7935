#pragma once

// A method alone: workers whose gradients are given, over any exchange and network.

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "tests/support/staged_run.h"
#include "training/methods/method.h"
#include "training/span.h"

namespace telegrad::testing_support {

using Gradients = std::function<std::vector<float>(std::uint64_t round, std::uint32_t rank)>;

class Averaging final : public Training {
 public:
  Averaging(training::Method& method, std::uint32_t workers, Gradients gradients)
      : method_(method), gradients_(std::move(gradients)) {
    facts_.portions.resize(workers);
    facts_.shapes = method.shapes();
    facts_.needs_hub = method.needs_hub();
    for (std::uint32_t i = 0; i < workers; ++i) learners_.push_back(std::make_unique<Averager>(*this));
  }

  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t round, Hub& hub) override {
    const training::Step step{.round = round};
    co_await method_.serve(step, hub);
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }

  /// What worker `rank` took from this round.
  std::vector<double> update(std::uint64_t round, std::uint32_t rank) const {
    auto floats = training::span_of(learners_.at(rank)->updates_.at(round - 1).values);
    return {floats.begin(), floats.end()};
  }
  std::uint64_t identity(std::uint64_t round, std::uint32_t rank) const {
    return learners_.at(rank)->updates_.at(round - 1).identity;
  }
  /// Of a collective.
  std::vector<double> residual(std::uint32_t rank) const {
    auto floats = dynamic_cast<const training::Collective&>(method_).residual(rank);
    return {floats.begin(), floats.end()};
  }

 private:
  class Averager final : public Learner {
   public:
    explicit Averager(Averaging& all) : all_(all) {}
    Task<double> step(std::uint64_t round, Exchange& exchange) override {
      const std::vector<float> values = all_.gradients_(round, exchange.rank().value);
      at::Tensor gradient = at::empty({static_cast<std::int64_t>(values.size())}, at::kFloat);
      std::copy(values.begin(), values.end(), training::mutable_span_of(gradient).begin());
      const training::Step step{.round = round};
      auto update = co_await all_.method_.average(std::move(gradient), step, exchange);
      updates_.push_back(std::move(update));
      co_return 0.0;
    }

   private:
    friend class Averaging;
    Averaging& all_;
    std::vector<training::Update> updates_;  // by round
  };

  training::Method& method_;
  Gradients gradients_;
  TrainingFacts facts_;
  std::vector<std::unique_ptr<Averager>> learners_;
};

inline std::unique_ptr<training::Collective> collective(const std::string& uplink,
                                                        const training::Layout& layout,
                                                        std::uint32_t workers) {
  const Catalogue methods = training::methods().catalogue();
  Value::Object compression{{"uplink", resolve_trusted(uplink, methods)}};
  return training::make_collective(Value(std::move(compression)),
                                   training::NodeContext{layout, 0, workers, 1});
}

}  // namespace telegrad::testing_support
