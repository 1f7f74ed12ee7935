#include "training/methods/shared_scale.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "training/methods/dense_sum.h"
#include "training/methods/integer_sum.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/methods/quantise.h"
#include "training/methods/randomness.h"
#include "training/methods/shared_results.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// The largest of what everybody sends at each place; nothing sent is below 0.
class Largest final : public Fold {
 public:
  explicit Largest(std::uint32_t size) : size_(size) {}

  Shape shape() const override { return Shape::linear; }
  Payload fold(std::span<const Part> parts, Cut cut) override {
    const auto units = codecs::whole(size_);
    Sum counted(size_, cut.slice);  // who covers what
    std::vector<float> largest(counted.values().size());
    for (const Part& part : parts) {
      counted.add(part.payload, units);
      for (const Block& block : part.payload.blocks()) {
        if (block.lost) continue;
        codecs::for_each_entry(open(block, units), [&](std::uint32_t at, float value) {
          largest[at - counted.first()] = std::max(largest[at - counted.first()], value);
        });
      }
    }
    return pack_dense({.flags = codecs::kFolded}, units, counted.coverage(), cut,
                      codecs::FloatSource(codecs::ValueCodec::fp32, largest));
  }
  Cost cost(std::span<const Part> parts, Cut) const override {
    return {.flops = 0, .bytes = 2 * bytes_of(parts)};
  }

 private:
  std::uint32_t size_;
};

class SharedScale final : public Collective {
 public:
  SharedScale(const Value& resolved, const NodeContext& context, Levels levels)
      : levels_(std::move(levels)), context_(context), stamp_(stamp(resolved, context)) {
    require_exact_sums(context.workers, levels_.most);
    std::uint32_t number = 0;
    for (const codecs::Unit& unit : units_with_scales(resolved, context.layout)) {
      for (std::uint32_t from = 0; from < unit.size; from += unit.bucket_size()) {
        buckets_.push_back({unit.first + from, std::min(unit.bucket_size(), unit.size - from), number, from});
      }
      ++number;
    }
  }

  std::vector<Shape> shapes() const override { return {Shape::linear}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t) const override { return {}; }

 private:
  struct Bucket {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
    std::uint32_t unit = 0;
    std::uint32_t in_unit = 0;  // its first coordinate there
  };
  using Scales = std::vector<float>;

  std::uint32_t size() const { return static_cast<std::uint32_t>(context_.layout.size()); }
  std::uint32_t scales() const { return static_cast<std::uint32_t>(buckets_.size()); }
  NodeContext node(std::uint32_t rank) const {
    NodeContext result = context_;
    result.rank = rank;
    return result;
  }
  Payload measure(std::span<const float> gradient, const Step& step, std::uint32_t rank, Cut cut) const;
  Payload round(std::span<const float> gradient, const Scales& scales, const Step& step, std::uint32_t rank,
                Cut cut) const;
  Update decode(const Reduced& numbers, const Reduced& largest, const Scales& scales);

  Levels levels_;
  NodeContext context_;
  codecs::Stamp stamp_;
  std::vector<Bucket> buckets_;
  SharedResults<at::Tensor> decoded_;
};

Payload SharedScale::measure(std::span<const float> gradient, const Step& step, std::uint32_t rank,
                             Cut cut) const {
  require_finite(gradient, node(rank), step);
  Scales scales;
  for (const Bucket& bucket : buckets_) {
    scales.push_back(levels_.scale(gradient.subspan(bucket.first, bucket.size)));
    if (!std::isfinite(scales.back())) refuse_not_finite(bucket.first, node(rank), step);
  }
  return pack_vector({.method = context_.method, .worker = rank}, scales, cut);
}

Payload SharedScale::round(std::span<const float> gradient, const Scales& scales, const Step& step,
                           std::uint32_t rank, Cut cut) const {
  std::vector<std::int32_t> numbers(gradient.size());
  std::vector<float> uniforms;
  std::uint32_t drawn = ~0U;  // for this unit
  for (std::size_t b = 0; b < buckets_.size(); ++b) {
    const Bucket& bucket = buckets_[b];
    if (bucket.unit != drawn) {
      std::size_t last = b;
      while (last + 1 < buckets_.size() && buckets_[last + 1].unit == bucket.unit) ++last;
      uniforms.resize(std::size_t{buckets_[last].in_unit} + buckets_[last].size);
      fill_uniform(uniforms, node(rank), step, bucket.unit);
      drawn = bucket.unit;
    }
    for (std::uint32_t i = 0; i < bucket.size && scales[b] > 0; ++i) {
      numbers[bucket.first + i] =
          stochastic_level(gradient[bucket.first + i], scales[b], static_cast<std::int32_t>(levels_.most),
                           uniforms[bucket.in_unit + i]);
    }
  }
  codecs::Stamp own = stamp_;
  own.worker = rank;
  return pack_integers(own, numbers, levels_.most, cut);
}

Update SharedScale::decode(const Reduced& numbers, const Reduced& largest, const Scales& scales) {
  Update update;
  update.identity = combine(numbers.merged.identity(), largest.merged.identity());
  update.values = *decoded_.get(update.identity, [&] {
    at::Tensor mean = at::zeros({context_.layout.size()}, at::kFloat);
    const auto levels = mean_vector(numbers, size(), Count::contributors);
    const std::span<float> out = mutable_span_of(mean);
    for (std::size_t b = 0; b < buckets_.size(); ++b) {
      const float length = scales[b] / static_cast<float>(levels_.most);
      for (std::uint32_t i = buckets_[b].first; i < buckets_[b].first + buckets_[b].size; ++i) {
        out[i] = length * levels[i];
      }
    }
    return mean;
  });
  return update;
}

Task<Update> SharedScale::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::linear);
  const double floats = 4.0 * size();
  const std::span<const float> values = span_of(gradient);
  std::function<Payload()> begin = [this, gradient, values, step, rank, cut] {
    return measure(values, step, rank, cut);
  };
  const Cost measuring{.flops = 0, .bytes = floats};
  auto own = co_await exchange.work<Payload>(Phase::encode, measuring, std::move(begin));
  Largest largest(scales());
  auto first = co_await exchange.reduce(std::move(own), largest);

  auto scales = std::make_shared<Scales>(this->scales());
  std::function<Payload()> quantise = [this, gradient, values, scales, first, step, rank, cut] {
    add_vector(first.merged, 1.0F, *scales);
    return round(values, *scales, step, rank, cut);
  };
  const Cost rounding{.flops = 0, .bytes = 2 * floats + codecs::level_width(levels_.most) / 8.0 * size()};
  auto payload = co_await exchange.work<Payload>(Phase::encode, rounding, std::move(quantise));
  gradient.reset();
  IntegerSum sum(size(), levels_.most);
  auto second = co_await exchange.reduce(std::move(payload), sum);

  std::function<Update()> end = [this, first, second, scales] { return decode(second, first, *scales); };
  const Cost decoding{.flops = 0, .bytes = 2 * floats + static_cast<double>(second.merged.bytes())};
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  co_return update;
}

Task<> SharedScale::serve(Step, Hub& hub) {
  auto parts = co_await hub.collect();
  const Cut cut = hub.cut(Shape::linear);
  Largest largest(scales());
  const Cost cost = largest.cost(parts, cut);
  std::function<Payload()> fold = [largest, parts, cut]() mutable { return largest.fold(parts, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, cost, std::move(fold));
  hub.publish(std::move(merged));
  co_await serve_integers(size(), levels_.most, hub);
}

MessageSizes SharedScale::sizes() const {
  const std::vector<std::int32_t> zeros(size());
  const Payload scales = pack_vector({}, Scales(this->scales()), Cut{});
  const Payload up = pack_integers({}, zeros, levels_.most, Cut{});
  const Payload down = pack_integers({}, zeros, context_.workers * levels_.most, Cut{});
  return {.up_bytes = scales.bytes() + up.bytes(),
          .up_information_bits = scales.information_bits() + up.information_bits(),
          .down_bytes = scales.bytes() + down.bytes(),
          .down_information_bits = scales.information_bits() + down.information_bits()};
}

}  // namespace

std::unique_ptr<Collective> make_shared_scale(const Value& resolved, const NodeContext& context,
                                              Levels levels) {
  return std::make_unique<SharedScale>(resolved, context, std::move(levels));
}

}  // namespace telegrad::training
