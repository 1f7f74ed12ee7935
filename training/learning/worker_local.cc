// A worker that steps alone before it contributes (Stich 2019), also as a client that is drawn for a round (McMahan et
// al. 2017).

#include <ATen/ops/zeros_like.h>

#include "training/learning/measured_time.h"
#include "training/learning/worker.h"
#include "training/methods/contribution.h"
#include "training/methods/dense_sum.h"
#include "training/span.h"

namespace telegrad::training {
std::uint32_t Worker::steps_of(LocalWork work) const {
  if (work.epochs == 0) return work.steps;
  const std::uint64_t batches = (batches_.samples() + common_.batch_size - 1) / common_.batch_size;
  return work.epochs * static_cast<std::uint32_t>(batches);
}

Cost Worker::cost_of(std::uint32_t steps) const {
  const double samples = static_cast<double>(common_.batch_size) * steps;
  const double moved = common_.optimizer->facts().bytes_per_parameter + 12;  // the step, and the way so far
  return {.flops = common_.model->flops_per_sample() * samples,
          .bytes = moved * static_cast<double>(common_.model->layout().size()) * steps};
}

/// y_0 = x, y_h+1 = y_h - s_h; how far it came, s_0 + s_1 + ..., is summed on its own, so that one step alone is the
/// step itself. FedProx adds mu (y - x) to each gradient (Li et al. 2020).
Worker::Local Worker::walk(const Replica& from, std::uint32_t steps, std::uint64_t round, std::uint32_t rank,
                           float weight) {
  const double rate = common_.rate(round);
  const auto mu = static_cast<float>(common_.proximal);
  Replica at = std::move(memory_);
  at.parameters = from.parameters;
  Local way{at::zeros_like(from.parameters), 0, buffers_, 0};
  const std::span<float> sum = mutable_span_of(way.gradient);
  for (std::uint32_t h = 0; h < steps; ++h) {
    Local local = differentiate(at, way.buffers, round, rank);
    way.buffers = std::move(local.buffers);
    const std::span<float> g = mutable_span_of(local.gradient);
    for (std::size_t i = 0; mu > 0 && i < g.size(); ++i) g[i] -= mu * sum[i];
    Stride stride = common_.optimizer->stride(at, local.gradient, rate, rate);
    const auto s = span_of(stride.values);
    for (std::size_t i = 0; i < s.size(); ++i) sum[i] += s[i];
    at = Optimizer::after(at, std::move(stride));
    way.loss += local.loss / steps;
    way.seconds += local.seconds;
  }
  memory_ = std::move(at);
  memory_.parameters = at::Tensor();
  if (weight != 1.0F) {
    for (float& value : sum) value *= weight;
  }
  return way;
}

Task<double> Worker::local(std::uint64_t round, LocalWork work, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const std::uint32_t steps = steps_of(work);
  Turn turn;
  turn.learning = cost_of(steps);
  turn.learn = [this, steps, round, rank] { return walk(*replica_, steps, round, rank, weight_); };
  turn.applying.bytes =
      common_.server->facts().bytes_per_parameter * static_cast<double>(common_.model->layout().size());
  turn.apply = [this](const Update& update, const Step& step) {
    const std::uint64_t identity = combine(replica_->identity, update.identity);
    return lineage_.get(identity, [&] {
      Replica next = common_.served(*replica_, update.values, step.round);
      next.identity = identity;
      return next;
    });
  };
  co_return co_await advance(round, exchange, std::move(turn));
}

Task<> Worker::visit(Invitation invitation, LocalWork work, Exchange& exchange, Learnt learnt) {
  const std::uint32_t rank = exchange.rank().value;
  const std::uint64_t round = invitation.round;
  const Payload model = std::move(invitation.model);
  const auto size = common_.model->layout().size();
  std::function<Next()> read = [this, model, size] {
    return lineage_.get(model.identity(), [&] {
      return Replica{.identity = model.identity(), .parameters = numbers_of(model, size), .velocity = {}};
    });
  };
  const Cost reading{.flops = 0, .bytes = 8.0 * static_cast<double>(size)};
  auto replica = co_await exchange.work<Next>(Phase::decode, reading, std::move(read));

  const std::uint32_t steps = steps_of(work);
  const float weight = invitation.weight;
  std::function<Local()> go = [this, replica, steps, round, rank, weight] {
    return walk(*replica, steps, round, rank, weight);
  };
  const Cost walking = cost_of(steps);
  auto way = co_await exchange.work<Local>(Phase::gradient, walking, std::move(go));
  co_await charge_measured(way.seconds, exchange);
  learnt(way.loss);
  buffers_ = std::move(way.buffers);

  const Step step{
      .round = round, .learning_rate = common_.rate(round), .parameters = span_of(replica->parameters)};
  co_await contribute(*method_.encoder(rank), std::move(way.gradient), step, exchange);
}

Task<> Worker::miss(Exchange& exchange) {
  auto reduced = co_await exchange.follow();
  co_await take_back(*method_.encoder(exchange.rank().value), std::move(reduced), exchange);
}

}  // namespace telegrad::training
