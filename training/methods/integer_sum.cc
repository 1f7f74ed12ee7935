#include "training/methods/integer_sum.h"

#include <algorithm>
#include <cmath>

#include "sim/core/errors.h"
#include "training/methods/parts.h"
#include "training/methods/sum.h"

namespace telegrad::training {
namespace {

constexpr std::uint64_t kExact = std::uint64_t{1} << 24;  // whole numbers that fp32 holds

codecs::ValueCoding coding_of(std::uint64_t largest) {
  const auto most = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(largest, 1, kExact));
  return {codecs::ValueCodec::integers, 0, codecs::level_width(most)};
}

}  // namespace

Payload IntegerSum::fold(std::span<const Part> parts, Cut cut) {
  const auto units = codecs::whole(size_);
  Sum sum(size_, cut.slice);
  for (const Part& part : parts) sum.add(part.payload, units);
  std::vector<std::int32_t> numbers(sum.values().size());
  std::transform(sum.values().begin(), sum.values().end(), numbers.begin(),
                 [](float value) { return static_cast<std::int32_t>(std::lround(value)); });
  return pack_dense({.flags = codecs::kFolded}, units, sum.coverage(), cut,
                    codecs::SymbolSource(coding_of(std::uint64_t{sum.contributions()} * s_), numbers));
}

Cost IntegerSum::cost(std::span<const Part> parts, Cut cut) const {
  return {.flops = 0, .bytes = 8.0 * size_ / cut.slice.of + 2 * bytes_of(parts)};
}

Payload pack_integers(const codecs::Stamp& stamp, std::span<const std::int32_t> numbers, std::uint32_t s,
                      Cut cut) {
  const auto size = static_cast<std::uint32_t>(numbers.size());
  return pack_dense(stamp, codecs::whole(size), codecs::covered_once(size), cut,
                    codecs::SymbolSource(coding_of(s), numbers));
}

Task<> serve_integers(std::uint32_t size, std::uint32_t s, Hub& hub) {
  auto parts = co_await hub.collect();
  const Cut cut = hub.cut(Shape::linear);
  IntegerSum sum(size, s);
  const Cost cost = sum.cost(parts, cut);
  std::function<Payload()> fold = [sum, parts, cut]() mutable { return sum.fold(parts, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, cost, std::move(fold));
  hub.publish(std::move(merged));
}

void require_exact_sums(std::uint32_t workers, std::uint32_t s) {
  if (std::uint64_t{workers} * s < kExact) return;
  throw ScenarioError("", {{"/compression/uplink", 0, 0,
                            "sums of " + std::to_string(workers) + " workers' numbers up to " +
                                std::to_string(s) + " are beyond 2^24, where fp32 rounds",
                            "choose fewer levels or bits"}});
}

}  // namespace telegrad::training
