// A worker's part in a model that goes round (Rabbat and Nowak 2005).

#include <ATen/ops/empty_like.h>

#include <algorithm>

#include "training/learning/measured_time.h"
#include "training/learning/worker.h"
#include "training/span.h"

namespace telegrad::training {

/// psi = Q(x - rate g(x)).
Payload Worker::step_from(const Replica& at, const Step& step, std::uint32_t rank, Cut cut, Local& local) {
  local = compute(at, step.round, rank);
  const double rate = common_.rate_place == RatePlace::before_feedback ? 1.0 : step.learning_rate;
  const Replica next = common_.optimizer->apply(at, local.gradient, step.learning_rate, rate);
  return method_.encoder(rank)->encode(span_of(next.parameters), step, cut);
}

/// What was lost of a model stays as it was.
std::shared_ptr<const Replica> Worker::take_over(const std::shared_ptr<const Replica>& before,
                                                 const Payload& model, std::uint32_t rank) const {
  const std::uint64_t identity = combine(before->identity, model.identity());
  return lineage_.get(identity, [&] {
    Replica next{.identity = identity, .parameters = at::empty_like(before->parameters), .velocity = {}};
    const std::span<float> x = mutable_span_of(next.parameters);
    const auto old = span_of(before->parameters);
    std::copy(old.begin(), old.end(), x.begin());
    const Compressor& encoder = *method_.encoder(rank);
    for (const Block& block : model.blocks()) {
      if (block.lost) continue;
      const codecs::BlockHeader header = open(block, encoder.units()).header;
      std::fill_n(x.begin() + header.first, header.span, 0.0F);
    }
    encoder.add(model, 1.0F, x);
    return next;
  });
}

Task<double> Worker::pass(std::uint64_t round, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::local);
  const double coordinates = static_cast<double>(common_.model->layout().size());
  const Step step{.round = round, .learning_rate = common_.rate(round)};
  Local local;
  for (std::uint32_t turn = 0; turn < exchange.ranks(); ++turn) {
    Payload mine;
    if (turn == rank) {
      const Cost stepping{
          .flops = common_.model->flops_per_sample() * static_cast<double>(common_.batch_size),
          .bytes = method_.encoder(rank)->traffic()};
      std::function<Payload()> job = [this, &local, step, rank, cut] {
        return step_from(*replica_, step, rank, cut, local);
      };
      auto payload = co_await exchange.work<Payload>(Phase::gradient, stepping, std::move(job));
      co_await charge_measured(local.seconds, exchange);
      mine = std::move(payload);
      buffers_ = std::move(local.buffers);
    }
    const Rank origin{turn};
    auto model = co_await exchange.share(origin, std::move(mine));
    const Cost taking{.flops = 0, .bytes = 8 * coordinates};
    std::function<Next()> take = [this, model, rank] { return take_over(replica_, model, rank); };
    auto next = co_await exchange.work<Next>(Phase::decode, taking, std::move(take));
    replica_ = std::move(next);
    moved();
  }
  co_return local.loss;
}

}  // namespace telegrad::training
