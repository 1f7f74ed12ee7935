#include "training/learning/statistics.h"

#include <ATen/ops/zeros.h>

#include <algorithm>

#include "training/methods/dense_sum.h"
#include "training/methods/sum.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

at::Tensor replaced(const at::Tensor& own, const Payload& merged) {
  at::Tensor result = own.clone();
  const std::span<float> values = mutable_span_of(result);
  const auto units = codecs::whole(static_cast<std::uint32_t>(values.size()));
  for (const Block& block : merged.blocks()) {
    if (block.lost) continue;
    const codecs::BlockHeader header = open(block, units).header;
    if (header.weight() > 0) std::fill_n(values.begin() + header.first, header.span, 0.0F);
  }
  add_mean(merged, units, Divisor{}, values);
  return result;
}

}  // namespace

Task<at::Tensor> mean_statistics(at::Tensor own, Exchange& exchange) {
  const auto size = static_cast<std::uint32_t>(own.numel());
  const Cost moving{.flops = 0, .bytes = 8.0 * size};
  Reduced reduced;
  if (exchange.overtaken()) {
    auto followed = co_await exchange.follow();
    reduced = std::move(followed);
  } else {
    const std::uint32_t rank = exchange.rank().value;
    const Cut cut = exchange.cut(Shape::linear);
    std::function<Payload()> pack = [own, rank, cut] {
      return pack_vector({.worker = rank}, span_of(own), cut);
    };
    auto payload = co_await exchange.work<Payload>(Phase::encode, moving, std::move(pack));
    DenseSum sum(size, Count::contributors);
    auto summed = co_await exchange.reduce(std::move(payload), sum);
    reduced = std::move(summed);
  }
  std::function<at::Tensor()> take = [own, merged = reduced.merged] { return replaced(own, merged); };
  co_return co_await exchange.work<at::Tensor>(Phase::decode, moving, std::move(take));
}

Task<> serve_mean_statistics(std::int64_t size, Hub& hub) {
  co_await serve_sum(static_cast<std::uint32_t>(size), Count::contributors, hub);
}

MessageSizes sizes_of_statistics(std::int64_t size) {
  const at::Tensor numbers = at::zeros({size}, at::kFloat);
  const Payload payload = pack_vector({}, span_of(numbers), Cut{});
  return {payload.bytes(), payload.information_bits(), payload.bytes(), payload.information_bits()};
}

}  // namespace telegrad::training
