#include "training/methods/dense_sum.h"

#include <ATen/ops/zeros.h>

#include "training/methods/parts.h"
#include "training/methods/sum.h"
#include "training/span.h"

namespace telegrad::training {

Payload DenseSum::fold(std::span<const Part> parts, Cut cut) {
  const auto units = codecs::whole(size_);
  Sum sum(size_, cut.slice);
  for (const Part& part : parts) sum.add(part.payload, units);
  const auto coverage = count_ == Count::contributors ? sum.coverage() : sum.uncut(sum.contributions());
  return pack_dense({.flags = codecs::kFolded}, units, coverage, cut,
                    codecs::FloatSource(codecs::ValueCodec::fp32, sum.values()));
}

Cost DenseSum::cost(std::span<const Part> parts, Cut cut) const {
  return {.flops = 0, .bytes = 8.0 * size_ / cut.slice.of + 2 * bytes_of(parts)};
}

Payload pack_vector(const codecs::Stamp& stamp, std::span<const float> values, Cut cut,
                    codecs::ValueCodec codec) {
  const auto size = static_cast<std::uint32_t>(values.size());
  return pack_dense(stamp, codecs::whole(size), codecs::covered_once(size), cut,
                    codecs::FloatSource(codec, values));
}

at::Tensor numbers_of(const Payload& payload, std::int64_t size) {
  at::Tensor numbers = at::zeros({size}, at::kFloat);
  add_vector(payload, 1.0F, mutable_span_of(numbers));
  return numbers;
}

void add_vector(const Payload& payload, float factor, std::span<float> into) {
  add_blocks(payload, codecs::whole(static_cast<std::uint32_t>(into.size())), factor, into);
}

std::vector<float> mean_vector(const Reduced& reduced, std::uint32_t size, Count count) {
  std::vector<float> mean(size);
  const Divisor divisor{count == Count::cohort ? reduced.cohort : 0};
  add_mean(reduced.merged, codecs::whole(size), divisor, mean);
  return mean;
}

Task<> serve_sum(std::uint32_t size, Count count, Hub& hub) {
  auto parts = co_await hub.collect();
  const Cut cut = hub.cut(Shape::linear);
  DenseSum sum(size, count);
  const Cost cost = sum.cost(parts, cut);
  std::function<Payload()> fold = [sum, parts, cut]() mutable { return sum.fold(parts, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, cost, std::move(fold));
  hub.publish(std::move(merged));
}

}  // namespace telegrad::training
