#include <ATen/ops/empty.h>

#include <algorithm>

#include "sim/core/errors.h"
#include "training/downlinks/downlink.h"
#include "training/methods/dense_sum.h"
#include "training/methods/method.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/methods/shared_results.h"
#include "training/methods/ternary_layer.h"
#include "training/span.h"

namespace telegrad::training {

namespace {

/// Trained ternary quantisation for the way down: workers send gradients of the ternary model, the hub keeps latent
/// weights and trains them and the scales by plain SGD, and sends the ternary model, not an update. Matrices between
/// the first and the last one are ternary, all else and the first rounds are in full precision.
class Ttq final : public Collective {
 public:
  Ttq(const Value& resolved, const NodeContext& context);

  std::vector<Shape> shapes() const override { return {Shape::local}; }
  bool needs_hub() const override { return true; }
  std::string wants_gradients() const override {
    return "the hub of this method steps its own model by gradients";
  }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;
  std::span<const float> residual(std::uint32_t) const override { return {}; }

 private:
  static constexpr std::size_t kWhole = ~std::size_t{0};

  bool full(const Step& step) const { return step.round <= full_rounds_; }
  double coordinates() const { return static_cast<double>(context_.layout.size()); }
  std::span<float> latent_of(std::size_t tensor);
  void train(std::span<const Part> parts, const Step& step);
  Payload model(std::span<const float> weights, bool full, Cut cut) const;
  at::Tensor read(const Payload& model, std::span<const float> before) const;

  NodeContext context_;
  double threshold_;
  double scale_rate_;
  std::uint64_t full_rounds_;
  std::vector<codecs::Unit> units_;   // the tensors; behind them Wn of each ternary one
  std::vector<std::size_t> ternary_;  // by tensor: which ternary one, or kWhole
  std::vector<float> latent_;         // at the hub
  std::vector<TernaryLayer> layers_;  // at the hub
  SharedResults<at::Tensor> read_;
};

Ttq::Ttq(const Value& resolved, const NodeContext& context)
    : context_(context), threshold_(resolved["threshold"].number()),
      scale_rate_(resolved["scale_rate"].number()),
      full_rounds_(static_cast<std::uint64_t>(resolved["full_rounds"].integer())) {
  std::vector<std::size_t> matrices;
  const auto& tensors = context.layout.tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    units_.push_back(
        {static_cast<std::uint32_t>(tensors[i].offset), static_cast<std::uint32_t>(tensors[i].size)});
    if (tensors[i].shape.size() > 1) matrices.push_back(i);
  }
  ternary_.assign(tensors.size(), kWhole);
  for (std::size_t i = 1; i + 1 < matrices.size(); ++i)
    ternary_[matrices[i]] = layers_.size(), layers_.emplace_back();
  units_.push_back({codecs::size_of(units_), static_cast<std::uint32_t>(layers_.size())});
}

std::span<float> Ttq::latent_of(std::size_t tensor) {
  return std::span(latent_).subspan(units_[tensor].first, units_[tensor].size);
}

/// One step of the latent weights and the scales, which stay above 0.
void Ttq::train(std::span<const Part> parts, const Step& step) {
  Sum sum(context_.layout.size());
  for (const Part& part : parts) sum.add(part.payload, units_);
  const std::vector<float> mean = mean_of(sum, Count::contributors, sum.contributions());
  const auto rate = static_cast<float>(step.learning_rate);
  const bool first = step.round == full_rounds_ + 1;
  for (std::size_t tensor = 0; tensor < ternary_.size(); ++tensor) {
    const std::span<float> latent = latent_of(tensor);
    const auto g = std::span(mean).subspan(units_[tensor].first, units_[tensor].size);
    if (ternary_[tensor] == kWhole || full(step) || first) {
      for (std::size_t i = 0; i < latent.size(); ++i) latent[i] -= rate * g[i];
    } else {
      TernaryLayer& layer = layers_[ternary_[tensor]];
      const auto gradients = layer.gradients(latent, g, threshold_);
      for (std::size_t i = 0; i < latent.size(); ++i) latent[i] -= rate * gradients.latent[i];
      auto moved = [&](float scale, double by) {
        return std::max(1e-6F, scale - static_cast<float>(rate * scale_rate_ * by));
      };
      layer = {moved(layer.positive, gradients.positive), moved(layer.negative, gradients.negative)};
    }
    if (ternary_[tensor] != kWhole && first) layers_[ternary_[tensor]] = TernaryLayer::of(latent, threshold_);
  }
}

/// Wp is the scale of a tensor's blocks; Wn of all of them follow.
Payload Ttq::model(std::span<const float> weights, bool full, Cut cut) const {
  std::vector<Payload> sections;
  std::vector<float> negatives;
  const codecs::Stamp stamp{.flags = codecs::kFolded};
  for (std::size_t tensor = 0; tensor < ternary_.size(); ++tensor) {
    const codecs::Unit& unit = units_[tensor];
    const auto latent = weights.subspan(unit.first, unit.size);
    const std::vector<codecs::Coverage> coverage(1, {unit.first, unit.first + unit.size, 1});
    if (full || ternary_[tensor] == kWhole) {
      sections.push_back(
          pack_dense(stamp, units_, coverage, cut, codecs::FloatSource(codecs::ValueCodec::fp32, latent)));
      continue;
    }
    const TernaryLayer& layer = layers_[ternary_[tensor]];
    std::vector<std::int32_t> symbols = TernaryLayer::codes(latent, threshold_);
    for (std::int32_t& symbol : symbols) ++symbol;
    const std::vector<float> scales(units_.size(), layer.positive);
    sections.push_back(pack_dense(stamp, units_, coverage, cut,
                                  codecs::SymbolSource(codecs::ValueCodec::ternary, symbols), scales));
    negatives.push_back(layer.negative);
  }
  if (!negatives.empty()) {
    const codecs::Unit& unit = units_.back();
    const std::vector<codecs::Coverage> coverage(1, {unit.first, unit.first + unit.size, 1});
    sections.push_back(
        pack_dense(stamp, units_, coverage, cut, codecs::FloatSource(codecs::ValueCodec::fp32, negatives)));
  }
  return Payload::joined(sections);
}

/// What a lost block would say stays as it was.
at::Tensor Ttq::read(const Payload& model, std::span<const float> before) const {
  at::Tensor parameters = at::empty({context_.layout.size()}, at::kFloat);
  const std::span<float> x = mutable_span_of(parameters);
  std::fill(x.begin(), x.end(), 0.0F);
  std::copy(before.begin(), before.end(), x.begin());
  std::vector<float> negatives(layers_.size());
  auto for_each = [&](auto visit) {
    for (const Block& block : model.blocks()) {
      if (block.lost) continue;
      const codecs::BlockView view = open(block, units_);
      codecs::for_each_entry(view, [&](std::uint32_t at, float value) { visit(view.header, at, value); });
    }
  };
  for_each([&](const codecs::BlockHeader&, std::uint32_t at, float value) {
    if (at >= units_.back().first) negatives[at - units_.back().first] = value;
  });
  for_each([&](const codecs::BlockHeader& header, std::uint32_t at, float value) {
    if (at >= units_.back().first) return;
    const bool ternary = header.value_codec == codecs::ValueCodec::ternary;
    x[at] = ternary && value < 0 ? -negatives[ternary_[header.unit]] : value;
  });
  return parameters;
}

Task<Update> Ttq::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  // All nodes draw the same first model, the hub too.
  if (latent_.empty()) latent_.assign(step.parameters.begin(), step.parameters.end());
  latent_.resize(static_cast<std::size_t>(context_.layout.size()));
  const Cut cut = exchange.cut(Shape::local);
  const Cost encoding{.flops = 0, .bytes = 8 * coordinates()};
  std::function<Payload()> encode = [this, gradient, step, rank, cut] {
    NodeContext here = context_;
    here.rank = rank;
    const auto values = span_of(gradient);
    require_finite(values, here, step);
    const auto coverage = codecs::covered_once(static_cast<std::uint32_t>(values.size()));
    return pack_dense({.method = context_.method, .worker = rank}, units_, coverage, cut,
                      codecs::FloatSource(codecs::ValueCodec::fp32, values));
  };
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  gradient.reset();
  AtHub fold;
  auto reduced = co_await exchange.reduce(std::move(payload), fold);

  const Cost decoding{.flops = 0, .bytes = 8 * coordinates()};
  std::function<Update()> finish = [this, reduced, step] {
    const std::uint64_t identity = reduced.merged.identity();
    auto make = [&] { return read(reduced.merged, step.parameters); };
    return Update{reduced.merged.whole() ? *read_.get(identity, make) : make(), identity, true};
  };
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(finish));
  co_return update;
}

Task<> Ttq::serve(Step step, Hub& hub) {
  auto parts = co_await hub.collect();
  const Cut cut = hub.cut(Shape::local);
  const Cost training{.flops = 0, .bytes = 12 * coordinates() + 2 * bytes_of(parts)};
  std::function<Payload()> job = [this, parts, step, cut] {
    train(parts, step);
    return model(latent_, full(step), cut);
  };
  auto merged = co_await hub.work<Payload>(Phase::fold, training, std::move(job));
  hub.publish(std::move(merged));
}

MessageSizes Ttq::sizes() const {
  const std::vector<float> zeros(static_cast<std::size_t>(context_.layout.size()));
  const Payload down = model(zeros, false, Cut{});
  const Payload up = pack_vector({}, zeros, Cut{});
  return {up.bytes(), up.information_bits(), down.bytes(), down.information_bits()};
}

std::unique_ptr<Collective> make(const Value& resolved, const NodeContext& context) {
  return std::make_unique<Ttq>(resolved, context);
}

}  // namespace

Entry<Maker> ttq_method() {
  return {
      {.name = "ttq",
       .summary =
           "the server sends a model of three values for each layer, and trains the two that are not 0; "
           "gradients travel whole",
       .source = "Zhu, Han, Mao, Dally 2017",
       .parameters =
           {real("threshold", "t: weights up to t max |w| of their layer are 0").in(0, 0.99).otherwise(0.05),
            real("scale_rate",
                 "learning rate of a layer's two values, as a share of the weights': their "
                 "gradients are sums over the layer")
                .at_least(0)
                .otherwise(0.001),
            integer("full_rounds", "rounds in full precision before: the start is a trained model")
                .at_least(0)
                .otherwise(100)},
       .example = R"({"type": "ttq", "full_rounds": 100})",
       .formula =
           "32 d up; down 2 bits for each weight of the layers between the first and the last, and 64 for "
           "each of these layers; 32 for all others",
       .traits = {"deterministic"}},
      {.compressor = nullptr, .method = make}};
}

}  // namespace telegrad::training
