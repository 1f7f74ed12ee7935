#include "training/learning/resync.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <functional>

#include "training/learning/average.h"
#include "training/methods/dense_sum.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// Floats that one of these takes.
std::int64_t floats_of(const Replica& replica) {
  const std::int64_t d = replica.parameters.numel();
  const std::int64_t vectors = 1 + (replica.velocity.defined() ? 1 : 0) +
                               (replica.squares.defined() ? 1 : 0) + (replica.average.defined() ? 2 : 0);
  return vectors * d;
}

Cost moving(const Replica& replica) {
  return {.flops = 0, .bytes = 8 * static_cast<double>(floats_of(replica))};
}

}  // namespace

Payload pack_replica(const Replica& replica, Cut cut) {
  std::vector<float> all;
  all.reserve(static_cast<std::size_t>(floats_of(replica)));
  auto append = [&](const at::Tensor& values) {
    if (!values.defined()) return;
    const auto floats = span_of(values);
    all.insert(all.end(), floats.begin(), floats.end());
  };
  append(replica.parameters);
  append(replica.velocity);
  append(replica.squares);
  if (replica.average.defined()) {
    const double* mean = replica.average.const_data_ptr<double>();
    const std::int64_t d = replica.average.numel();
    for (std::int64_t i = 0; i < d; ++i) all.push_back(static_cast<float>(mean[i]));
    const std::size_t high = all.size() - static_cast<std::size_t>(d);
    for (std::int64_t i = 0; i < d; ++i) {
      all.push_back(static_cast<float>(mean[i] - all[high + static_cast<std::size_t>(i)]));
    }
  }
  return pack_vector({.flags = codecs::kFolded}, all, cut);
}

Replica unpack_replica(const Payload& payload, const Replica& like) {
  const at::Tensor numbers = numbers_of(payload, floats_of(like));
  const float* next = numbers.const_data_ptr<float>();
  const std::int64_t d = like.parameters.numel();
  auto take = [&](const at::Tensor& values) {
    if (!values.defined()) return at::Tensor();
    at::Tensor taken = at::empty_like(values);
    std::copy_n(next, d, taken.mutable_data_ptr<float>());
    next += d;
    return taken;
  };
  Replica replica{
      .identity = payload.identity(), .parameters = take(like.parameters), .velocity = take(like.velocity)};
  replica.squares = take(like.squares);
  replica.steps = like.steps;
  if (like.average.defined()) {
    replica.average = at::empty_like(like.average);
    double* mean = replica.average.mutable_data_ptr<double>();
    for (std::int64_t i = 0; i < d; ++i) mean[i] = static_cast<double>(next[i]) + next[d + i];
  }
  return replica;
}

Task<std::shared_ptr<const Replica>> resync(std::shared_ptr<const Replica> own,
                                            SharedResults<Replica>& lineage, Exchange& exchange) {
  Payload mine;
  const Cost cost = moving(*own);
  if (exchange.rank() == kReference) {
    const Cut cut = exchange.cut(Shape::local);
    std::function<Payload()> pack = [own, cut] { return pack_replica(*own, cut); };
    auto packed = co_await exchange.work<Payload>(Phase::encode, cost, std::move(pack));
    mine = std::move(packed);
  }
  const Rank reference = kReference;
  auto shared = co_await exchange.share(reference, std::move(mine));
  using Next = std::shared_ptr<const Replica>;
  std::function<Next()> take = [own, shared, &lineage] {
    return lineage.get(shared.identity(), [&] { return unpack_replica(shared, *own); });
  };
  co_return co_await exchange.work<Next>(Phase::decode, cost, std::move(take));
}

Task<> serve_resync(Hub& hub) {
  const Rank reference = kReference;
  Payload nothing;
  co_await hub.share(reference, std::move(nothing));
}

std::uint64_t replica_bytes(const Optimizer& optimizer, const at::Tensor& first, bool averaged) {
  const Replica start{.identity = 0, .parameters = first, .velocity = {}};
  Replica moved = optimizer.apply(start, at::zeros_like(first), 1, 1);
  if (averaged) average_in(moved, start, 1);
  return pack_replica(moved, Cut{}).bytes();
}

}  // namespace telegrad::training
