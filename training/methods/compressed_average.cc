#include "training/methods/compressed_average.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <functional>

#include "training/methods/contribution.h"
#include "training/methods/parts.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

bool any_folded(const Payload& payload) {
  return std::any_of(payload.blocks().begin(), payload.blocks().end(), is_folded);
}

/// Reading a payload and adding it to a vector of d floats that was cleared before.
double adding(double payload_bytes, const Layout& layout, Slice slice = {}) {
  return 2 * payload_bytes + 4 * static_cast<double>(layout.size()) / slice.of;
}

}  // namespace

/// What a node does that folds on the way, without a hub.
class CompressedAverage::Folding final : public Fold {
 public:
  Folding(CompressedAverage& method, const Step& step) : method_(method), step_(step) {}
  Shape shape() const override { return method_.shape(); }
  Payload fold(std::span<const Part> parts, Cut cut) override { return method_.fold_once(parts, step_, cut); }
  Cost cost(std::span<const Part> parts, Cut cut) const override {
    const double encoding = method_.down_->traffic() / cut.slice.of;
    return {.flops = 0, .bytes = adding(bytes_of(parts), method_.layout_, cut.slice) + encoding};
  }

 private:
  CompressedAverage& method_;
  Step step_;
};

CompressedAverage::CompressedAverage(const Layout& layout, std::vector<std::unique_ptr<Compressor>> up,
                                     std::unique_ptr<Downlink> down)
    : layout_(layout), up_(std::move(up)), down_(std::move(down)), hub_sum_(wire_size()) {}

Payload CompressedAverage::fold(std::span<const Part> parts, const Step& step, Cut cut) const {
  Sum sum(wire_size(), cut.slice);
  for (const Part& part : parts) sum.add(part.payload, up_.front()->units(), down_->units());
  return down_->encode(sum, count(), sum.contributions(), step, cut);
}

/// Where everybody folds everybody's, one does it for all.
Payload CompressedAverage::fold_once(std::span<const Part> parts, const Step& step, Cut cut) {
  if (parts.size() < up_.size() || cut.slice.of > 1) return fold(parts, step, cut);
  return *folded_.get(identity_of(parts), [&] { return fold(parts, step, cut); });
}

/// Partial sums that were lost on their way, in blocks as this worker's encoder makes them.
Payload CompressedAverage::as_own(const Payload& returned) const {
  if (returned.blocks().empty()) return returned;
  const auto units = up_.front()->units();
  Sum sum(wire_size());
  sum.add(returned, units, down_->units());
  const std::vector<std::uint32_t> support = sum.support();
  std::vector<float> values(support.size());
  for (std::size_t i = 0; i < support.size(); ++i) values[i] = sum.values()[support[i]];
  const auto coverage = codecs::covered_once(static_cast<std::uint32_t>(wire_size()));
  return codecs::pack_sparse({}, units, coverage, Cut{}, support,
                             codecs::FloatSource(codecs::ValueCodec::fp32, values));
}

Update CompressedAverage::decode(const Reduced& reduced, const Step& step) {
  Divisor divisor{count() == Count::cohort ? reduced.cohort : 0};
  if (down_->final()) divisor.cohort = 1;
  Update update;
  update.identity = combine(reduced.merged.identity(), divisor.cohort);
  update.values = *decoded_.get(update.identity, [&] {
    at::Tensor mean = at::zeros({wire_size()}, at::kFloat);
    add_mean(reduced.merged, down_->units(), divisor, mutable_span_of(mean));
    if (!up_.front()->expands()) return mean;
    at::Tensor gradient = at::zeros({layout_.size()}, at::kFloat);
    up_.front()->expand(span_of(mean), step.round, mutable_span_of(gradient));
    return gradient;
  });
  return update;
}

Task<Update> CompressedAverage::average(at::Tensor gradient, Step step, Exchange& exchange) {
  Compressor& compressor = *up_.at(exchange.rank().value);
  const Cut cut = exchange.cut(shape());
  if (compressor.reads_link()) step.link = exchange.link();
  auto payload = co_await encoded(compressor, std::move(gradient), step, cut, exchange);
  Folding folding(*this, step);
  auto reduced = co_await exchange.reduce(std::move(payload), folding);
  co_return co_await take(std::move(reduced), step, exchange);
}

Task<Update> CompressedAverage::keep_up(Step step, Exchange& exchange) {
  auto reduced = co_await exchange.follow();
  co_return co_await take(std::move(reduced), step, exchange);
}

/// Puts back what was not applied, and decodes.
Task<Update> CompressedAverage::take(Reduced reduced, Step step, Exchange& exchange) {
  Compressor& compressor = *up_.at(exchange.rank().value);
  const double bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = adding(bytes, layout_)};
  std::function<Update()> finish = [this, &compressor, reduced, step] {
    const bool hops = any_folded(reduced.returned);
    compressor.restore(hops ? as_own(reduced.returned) : reduced.returned);
    return decode(reduced, step);
  };
  co_return co_await exchange.work<Update>(Phase::decode, decoding, std::move(finish));
}

/// Into hub_sum_. Returns how many contributed.
Task<std::uint32_t> CompressedAverage::collect(Hub& hub) {
  auto parts = co_await hub.collect();
  const auto contributions = static_cast<std::uint32_t>(parts.size());
  const Cost folding{.flops = 0, .bytes = adding(bytes_of(parts), layout_)};
  std::function<bool()> fold_all = [this, parts] {
    hub_sum_.clear();
    for (const Part& part : parts) hub_sum_.add(part.payload, up_.front()->units());
    return true;
  };
  co_await hub.work<bool>(Phase::fold, folding, std::move(fold_all));
  co_return contributions;
}

Task<Update> CompressedAverage::cohort_mean(Step step, std::uint32_t cohort, Hub& hub) {
  co_await collect(hub);
  const Cost dividing{.flops = 0, .bytes = 8.0 * static_cast<double>(layout_.size())};
  std::function<Update()> divide = [this, step, cohort] {
    const std::vector<float> mean = mean_of(hub_sum_, count(), cohort);
    Update update{.values = at::zeros({layout_.size()}, at::kFloat)};
    const std::span<float> values = mutable_span_of(update.values);
    if (up_.front()->expands()) {
      up_.front()->expand(mean, step.round, values);
    } else {
      std::copy(mean.begin(), mean.end(), values.begin());
    }
    return update;
  };
  co_return co_await hub.work<Update>(Phase::decode, dividing, std::move(divide));
}

Task<> CompressedAverage::serve(Step step, Hub& hub) {
  auto contributions = co_await collect(hub);
  const Cut cut = hub.cut(shape());
  const Cost encoding{.flops = 0, .bytes = down_->traffic()};
  std::function<Payload()> encode = [this, contributions, step, cut] {
    return down_->encode(hub_sum_, count(), contributions, step, cut);
  };
  auto merged = co_await hub.work<Payload>(Phase::encode, encoding, std::move(encode));
  hub.publish(std::move(merged));
}

}  // namespace telegrad::training
