#include "training/learning/given.h"

#include <ATen/ops/empty.h>

#include <algorithm>

#include "sim/core/errors.h"

#include "training/span.h"

namespace telegrad::training {

namespace {

[[noreturn]] void refuse_models() {
  throw ScenarioError("", {{"/compression/uplink/type", 0, 0,
                            "this method sends a model, of which gradients alone say nothing",
                            "choose a method that sends gradients"}});
}

}  // namespace

/// One worker, who always has the same gradient.
class Given::Feeding final : public Learner {
 public:
  Feeding(Given& all, std::uint32_t rank) : all_(all), rank_(rank) {}

  Task<double> step(std::uint64_t round, Exchange& exchange) override {
    const std::vector<float>& values = all_.gradients_[rank_].values;
    at::Tensor gradient = at::empty({static_cast<std::int64_t>(values.size())}, at::kFloat);
    std::copy(values.begin(), values.end(), mutable_span_of(gradient).begin());
    const Step step{.round = round, .learning_rate = 1};
    auto update = co_await all_.method_->average(std::move(gradient), step, exchange);
    if (update.replaces) refuse_models();
    if (rank_ == 0) all_.keep(update);
    co_return 0.0;
  }

 private:
  Given& all_;
  std::uint32_t rank_;
};

Given::Given(std::vector<GivenGradient> gradients, const Value& compression, std::uint64_t seed)
    : gradients_(std::move(gradients)) {
  layout_.add("gradient", gradients_.front().shape, 0);
  const auto workers = static_cast<std::uint32_t>(gradients_.size());
  facts_.parameters = static_cast<std::uint64_t>(layout_.size());
  facts_.portions.resize(workers);
  method_ = make_method(compression, layout_, {.workers = workers, .seed = seed});
  facts_.shapes = method_->shapes();
  facts_.needs_hub = method_->needs_hub();
  facts_.reads_link = method_->reads_link();
  facts_.of_its_round = method_->of_its_round();
  for (std::uint32_t rank = 0; rank < workers; ++rank)
    learners_.push_back(std::make_unique<Feeding>(*this, rank));
  sum_.resize(gradients_.front().values.size());
}

Task<> Given::serve(std::uint64_t round, Hub& hub) {
  const Step step{.round = round, .learning_rate = 1};
  co_await method_->serve(step, hub);
}

void Given::keep(const Update& update) {
  const std::span<const float> values = span_of(update.values);
  update_.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < update_.size(); ++i) sum_[i] += update_[i];
}

}  // namespace telegrad::training
