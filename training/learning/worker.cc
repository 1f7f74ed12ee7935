#include "training/learning/worker.h"

#include <cmath>
#include <string>

#include "sim/core/errors.h"
#include "training/learning/gradient.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

[[noreturn]] void diverged(const std::string& what, std::uint32_t rank, std::uint64_t round) {
  throw RunError(Failure::not_finite, what + " of worker " + std::to_string(rank) +
                                          " is NaN or infinite in round " + std::to_string(round) +
                                          "; a lower learning rate or clip_norm may help");
}

}  // namespace

Worker::Worker(const Common& common, Method& method, Lineage& lineage, Batches batches, float weight,
               std::shared_ptr<const Replica> initial)
    : common_(common), method_(method), lineage_(lineage), batches_(std::move(batches)), weight_(weight),
      replica_(std::move(initial)) {}

Worker::Local Worker::compute(const Replica& at, std::uint64_t round, std::uint32_t rank) {
  auto chosen = batches_.of(round);
  Gradient result =
      gradient(*common_.model, at.parameters, *common_.dataset.train, chosen, common_.dataset.shape);
  if (!std::isfinite(result.loss)) diverged("the loss", rank, round);
  const std::span<float> values = mutable_span_of(result.values);
  std::int64_t bad = first_not_finite(values);
  if (bad >= 0) diverged("the gradient of tensor " + common_.model->layout().at(bad).name, rank, round);
  double scale = weight_;
  if (common_.clip_norm) {
    double length = norm(values);
    if (length > *common_.clip_norm) scale *= *common_.clip_norm / length;
  }
  if (common_.rate_place == RatePlace::before_feedback) scale *= common_.rate(round);
  if (scale != 1.0) {
    for (float& value : values) value *= static_cast<float>(scale);
  }
  return {std::move(result.values), result.loss};
}

std::shared_ptr<const Replica> Worker::apply(const Update& update, const Step& step) const {
  const double rate = step.learning_rate;
  std::uint64_t identity = combine(replica_->identity, update.identity);
  return lineage_.get(identity, [&] {
    double update_rate = common_.rate_place == RatePlace::before_feedback ? 1.0 : rate;
    Replica next{.identity = 0, .parameters = update.values, .velocity = {}};
    if (!update.replaces) next = common_.optimizer->apply(*replica_, update.values, rate, update_rate);
    next.identity = identity;
    if (common_.average_share) average_in(next, *replica_, common_.average_share(step.round));
    return next;
  });
}

Task<double> Worker::step(std::uint64_t round, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cost learning{.flops = common_.model->flops_per_sample() * static_cast<double>(common_.batch_size),
                      .bytes = 0};
  std::function<Local()> differentiate = [this, round, rank] { return compute(*replica_, round, rank); };
  auto local = co_await exchange.work<Local>(Phase::gradient, learning, std::move(differentiate));

  const Step step{
      .round = round, .learning_rate = common_.rate(round), .parameters = span_of(replica_->parameters)};
  auto update = co_await method_.average(std::move(local.gradient), step, exchange);

  const double touched = static_cast<double>(common_.model->layout().size());
  const double averaged =
      common_.average_share ? 20 : 0;  // parameters read, the mean in double read and written
  const Cost applying{.flops = 0,
                      .bytes = (common_.optimizer->facts().bytes_per_parameter + averaged) * touched};
  std::function<std::shared_ptr<const Replica>()> advance = [this, update, step] {
    return apply(update, step);
  };
  using Next = std::shared_ptr<const Replica>;
  auto next = co_await exchange.work<Next>(Phase::apply, applying, std::move(advance));
  replica_ = std::move(next);
  co_return local.loss;
}

}  // namespace telegrad::training
