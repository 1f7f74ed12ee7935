#include "training/learning/worker.h"

#include <cmath>
#include <string>

#include "sim/core/errors.h"
#include "training/learning/gradient.h"
#include "training/learning/measured_time.h"
#include "training/learning/resync.h"
#include "training/learning/statistics.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

[[noreturn]] void diverged(const std::string& what, std::uint32_t rank, std::uint64_t round) {
  throw RunError(Failure::not_finite, what + " of worker " + std::to_string(rank) +
                                          " is NaN or infinite in round " + std::to_string(round) +
                                          "; a lower learning rate or clip_norm may help");
}

void scale(std::span<float> values, double factor) {
  if (factor == 1.0) return;
  for (float& value : values) value *= static_cast<float>(factor);
}

}  // namespace

Worker::Worker(const Common& common, Method& method, Lineage& lineage, Batches batches, float weight,
               std::shared_ptr<const Replica> initial, at::Tensor buffers)
    : common_(common), method_(method), lineage_(lineage), batches_(std::move(batches)), weight_(weight),
      replica_(std::move(initial)), buffers_(std::move(buffers)) {}

/// Of the next batch, clipped. buffers: as the batch before left them.
Worker::Local Worker::differentiate(const Replica& at, const at::Tensor& buffers, std::uint64_t round,
                                    std::uint32_t rank) {
  auto chosen = batches_.of(++batches_drawn_);
  const LocalState local{.buffers = buffers,
                         .dropout = {.seed = common_.seed,
                                     .purpose = Purpose::dropout,
                                     .node = rank,
                                     .round = static_cast<std::uint32_t>(batches_drawn_)},
                         .changes = batches_.changes(batches_drawn_)};
  Gradient result = gradient(*common_.model, at.parameters, *common_.dataset.train, chosen,
                             common_.dataset.shape, local, *common_.device);
  if (!std::isfinite(result.loss)) diverged("the loss", rank, round);
  const std::span<float> values = mutable_span_of(result.values);
  std::int64_t bad = first_not_finite(values);
  if (bad >= 0) diverged("the gradient of tensor " + common_.model->layout().at(bad).name, rank, round);
  if (common_.clip_norm) {
    const double length = norm(values);
    if (length > *common_.clip_norm) scale(values, *common_.clip_norm / length);
  }
  return {std::move(result.values), result.loss, std::move(result.buffers), result.seconds};
}

Worker::Local Worker::compute(const Replica& at, std::uint64_t round, std::uint32_t rank) {
  Local local = differentiate(at, buffers_, round, rank);
  double factor = weight_;
  if (common_.rate_place == RatePlace::before_feedback) factor *= common_.rate(round);
  scale(mutable_span_of(local.gradient), factor);
  return local;
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

/// What it learns, what all learnt, and the next replica.
Task<double> Worker::advance(std::uint64_t round, Exchange& exchange, Turn turn) {
  const Step step{
      .round = round, .learning_rate = common_.rate(round), .parameters = span_of(replica_->parameters)};
  double loss = std::nan("");
  Update update;
  if (exchange.overtaken() && method_.encoder(exchange.rank().value) != nullptr) {
    auto followed = co_await method_.keep_up(step, exchange);
    update = std::move(followed);
  } else {
    auto local = co_await exchange.work<Local>(Phase::gradient, turn.learning, std::move(turn.learn));
    co_await charge_measured(local.seconds, exchange);
    loss = local.loss;
    buffers_ = std::move(local.buffers);
    auto averaged = co_await method_.average(std::move(local.gradient), step, exchange);
    update = std::move(averaged);
  }
  if (common_.averages_statistics) {
    auto mean = co_await mean_statistics(buffers_, exchange);
    buffers_ = std::move(mean);
  }
  std::function<Next()> apply = [update, step, apply = std::move(turn.apply)] { return apply(update, step); };
  auto next = co_await exchange.work<Next>(Phase::apply, turn.applying, std::move(apply));
  replica_ = std::move(next);
  if (common_.resync_rounds > 0 && round % common_.resync_rounds == 0) {
    auto same = co_await resync(replica_, lineage_, exchange);
    replica_ = std::move(same);
  }
  moved();
  co_return loss;
}

void Worker::mark(std::uint64_t updates) {
  mark_ = updates;
  marked_ = applied_ == updates ? replica_ : nullptr;
}

void Worker::moved() {
  if (++applied_ == mark_) marked_ = replica_;
}

Task<double> Worker::step(std::uint64_t round, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const double touched = static_cast<double>(common_.model->layout().size());
  const double remembered =
      common_.average_share ? 20 : 0;  // parameters read, the mean in double read and written
  Turn turn;
  turn.learning.flops = common_.model->flops_per_sample() * static_cast<double>(common_.batch_size);
  turn.learn = [this, round, rank] { return compute(*replica_, round, rank); };
  turn.applying.bytes = (common_.optimizer->facts().bytes_per_parameter + remembered) * touched;
  turn.apply = [this](const Update& update, const Step& step) { return apply(update, step); };
  co_return co_await advance(round, exchange, std::move(turn));
}

}  // namespace telegrad::training
