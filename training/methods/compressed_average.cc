#include "training/methods/compressed_average.h"

#include <ATen/ops/zeros.h>

#include <functional>

namespace telegrad::training {
namespace {

double bytes_of(std::span<const Part> parts) {
  double bytes = 0;
  for (const Part& part : parts) bytes += static_cast<double>(part.payload.bytes());
  return bytes;
}

/// Reading a payload and adding it to a vector of d floats that was cleared before.
double adding(double payload_bytes, const Layout& layout) {
  return 2 * payload_bytes + 4 * static_cast<double>(layout.size());
}

}  // namespace

/// What a node does that folds on the way, without a hub.
class CompressedAverage::Folding final : public Fold {
 public:
  Folding(CompressedAverage& method, const Step& step) : method_(method), step_(step) {}
  Payload fold(std::span<const Part> parts, Cut cut) override { return method_.fold(parts, step_, cut); }
  Shape shape() const override { return method_.shape(); }

 private:
  CompressedAverage& method_;
  Step step_;
};

CompressedAverage::CompressedAverage(const Layout& layout, std::vector<std::unique_ptr<Compressor>> up,
                                     std::unique_ptr<Downlink> down)
    : layout_(layout), up_(std::move(up)), down_(std::move(down)), hub_sum_(wire_size()) {}

std::int64_t CompressedAverage::wire_size() const {
  const codecs::Unit& last = up_.front()->units().back();
  return std::int64_t{last.first} + last.size;
}

Payload CompressedAverage::fold(std::span<const Part> parts, const Step& step, Cut cut) {
  Sum sum(wire_size());
  for (const Part& part : parts) sum.add(part.payload, up_.front()->units());
  return down_->encode(sum, count(), static_cast<std::uint32_t>(parts.size()), step, cut);
}

Update CompressedAverage::decode(const Reduced& reduced, const Step& step) {
  Divisor divisor{count() == Count::cohort ? reduced.cohort : 0};
  if (down_->final()) divisor.cohort = 1;
  Update update;
  update.identity = combine(reduced.merged.identity(), divisor.cohort);
  update.values = *decoded_.get(update.identity, [&] {
    auto floats = [](const at::Tensor& tensor) {
      return std::span<float>(tensor.mutable_data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
    };
    at::Tensor mean = at::zeros({wire_size()}, at::kFloat);
    add_mean(reduced.merged, down_->units(), divisor, floats(mean));
    if (!up_.front()->expands()) return mean;
    at::Tensor gradient = at::zeros({layout_.size()}, at::kFloat);
    up_.front()->expand(floats(mean), step.round, floats(gradient));
    return gradient;
  });
  return update;
}

Task<Update> CompressedAverage::average(at::Tensor gradient, Step step, Exchange& exchange) {
  Compressor& compressor = *up_.at(exchange.rank().value);
  const Cut cut = exchange.cut(shape());
  const Cost encoding{.flops = 0, .bytes = compressor.traffic()};
  std::function<Payload()> encode = [&compressor, gradient, step, cut] {
    return compressor.encode({gradient.const_data_ptr<float>(), static_cast<std::size_t>(gradient.numel())},
                             step, cut);
  };
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  gradient.reset();

  Folding folding(*this, step);
  auto reduced = co_await exchange.reduce(std::move(payload), folding);

  const double bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = adding(bytes, layout_)};
  std::function<Update()> finish = [this, &compressor, reduced, step] {
    compressor.restore(reduced.returned);
    return decode(reduced, step);
  };
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(finish));
  co_return update;
}

Task<> CompressedAverage::serve(Step step, Hub& hub) {
  auto parts = co_await hub.collect();
  const auto contributions = static_cast<std::uint32_t>(parts.size());
  const Cost folding{.flops = 0, .bytes = adding(bytes_of(parts), layout_)};
  std::function<bool()> fold_all = [this, parts] {
    hub_sum_.clear();
    for (const Part& part : parts) hub_sum_.add(part.payload, up_.front()->units());
    return true;
  };
  co_await hub.work<bool>(Phase::fold, folding, std::move(fold_all));

  const Cut cut = hub.cut(shape());
  const Cost encoding{.flops = 0, .bytes = down_->traffic()};
  std::function<Payload()> encode = [this, contributions, step, cut] {
    return down_->encode(hub_sum_, count(), contributions, step, cut);
  };
  auto merged = co_await hub.work<Payload>(Phase::encode, encoding, std::move(encode));
  hub.publish(std::move(merged));
}

}  // namespace telegrad::training
