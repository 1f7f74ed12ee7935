#include <algorithm>
#include <map>
#include <unordered_map>

#include "sim/core/errors.h"
#include "training/methods/dense_sum.h"
#include "training/methods/lgc.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// LGC with a parameter server. In the rounds of the code, with the leader's entries I and the code z = E(v_c[I]),
///   worker k sends its largest entries i_k, the leader also I and z;
///   server: update = 1/K sum_k (D_k(z, i_k on I) on I + i_k outside I).
class LgcPs final : public Lgc {
 public:
  LgcPs(const Value& resolved, const NodeContext& context) : Lgc(resolved, context, Goal::each) {}

  std::vector<Shape> shapes() const override { return {Shape::local}; }
  bool needs_hub() const override { return true; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;

 private:
  Payload compress(std::uint32_t rank, const Step& step, Cut cut);
  Payload merge(std::span<const Part> parts, const Step& step, Cut cut) const;
  /// What the decoders make of the leader's message: the sum over all workers.
  Entries decode_all(std::span<const Part> parts, const Step& step) const;
  std::vector<float> aligned(const Payload& payload, const Coordinates& places, float scale) const;
  Update finish(std::uint32_t rank, const Payload& own, const Reduced& reduced, const Step& step,
                const Places& shared);
  void receive(std::uint32_t rank, const Payload& encoder);
};

/// A worker's message in a round of the code.
Payload LgcPs::compress(std::uint32_t rank, const Step& step, Cut cut) {
  Worker& worker = workers_[rank];
  const NodeContext here = context_of(rank);
  const bool leads =
      leader(step) == Rank{rank} && layers_.coded > 0 && (!learned_ || worker.encoder.defined());
  std::vector<Payload> beside;
  if (leads) {
    const Coordinates chosen = choose(rank, LgcLayers::Choice::coded, step);
    std::vector<float> values(chosen.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) values[i] = worker.memory[chosen[i]];
    const float scale = normalising(values);
    for (float& value : values) value *= scale;
    std::vector<float> code = encode(worker.encoder, values);
    code.insert(code.begin(), scale);
    pack_choice(rank, chosen, cut, beside);
    beside.push_back(wire_.pack_numbers(Section::code, code, wire_.stamp(rank), cut));
  }
  const Coordinates own = layers_.largest(worker.memory, LgcLayers::Choice::innovation, here, step);
  std::vector<Payload> sections = send_model(rank, false, own, cut);
  sections.insert(sections.end(), beside.begin(), beside.end());
  return Payload::joined(sections);
}

/// A worker's own entries at these places, zero elsewhere.
std::vector<float> LgcPs::aligned(const Payload& payload, const Coordinates& places, float scale) const {
  std::unordered_map<std::uint32_t, float> own;
  wire_.for_each(payload, Section::model, [&](std::uint32_t at, float value) {
    if (layers_.is_coded(at)) own[at] = value;
  });
  std::vector<float> result(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto found = own.find(places[i]);
    if (found != own.end()) result[i] = scale * found->second;
  }
  return result;
}

/// Without the leader, its entries or its scale there is nothing to decode; where some of the code is missing, only
/// what does not depend on it.
Entries LgcPs::decode_all(std::span<const Part> parts, const Step& step) const {
  Entries result;
  const auto leading =
      std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.rank == leader(step); });
  if (leading == parts.end() || layers_.coded == 0) return result;
  const Coordinates places = read_choice(leading->payload, layers_.coded);
  std::vector<float> code(1 + code_size());
  std::vector<bool> arrived(code.size());
  wire_.for_each(leading->payload, Section::code, [&](std::uint32_t at, float value) {
    code[at] = value;
    arrived[at] = true;
  });
  if (places.empty() || !arrived.front()) return result;
  const float scale = code.front();
  const auto numbers = std::span(code).subspan(1);
  std::vector<float> sums(places.size());
  for (std::uint32_t k = 0; k < workers_.size(); ++k) {
    std::vector<float> innovation(places.size());
    for (const Part& part : parts) {
      if (part.rank == Rank{k}) innovation = aligned(part.payload, places, scale);
    }
    const std::vector<float> values = decode(training_->decoder(k), numbers, innovation);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += values[i] / scale;
  }
  const std::vector<bool> known = told({arrived.begin() + 1, arrived.end()});
  std::map<std::uint32_t, float> rising;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (known[i]) rising[places[i]] = sums[i];
  }
  for (const auto& [place, value] : rising) result.add(place, value);
  return result;
}

Payload LgcPs::merge(std::span<const Part> parts, const Step& step, Cut cut) const {
  Entries decoded;
  if (stage(step) == Stage::compressed) decoded = decode_all(parts, step);
  std::vector<Payload> sections = add_up(parts, stage(step) == Stage::full, decoded.at, cut);
  if (!decoded.at.empty()) {
    const auto contributions = static_cast<std::uint32_t>(workers_.size());
    wire_.pack_support(decoded.at, codecs::FloatSource(codecs::ValueCodec::fp32, decoded.values),
                       wire_.folded(contributions), cut, sections);
  }
  return Payload::joined(sections);
}

Update LgcPs::finish(std::uint32_t rank, const Payload& own, const Reduced& reduced, const Step& step,
                     const Places& shared) {
  Worker& worker = workers_[rank];
  const auto applied = apply(reduced, shared);
  if (stage(step) == Stage::compressed) {
    worker.sent.add(own, {.decoded = applied->decoded, .numbers = nullptr});
    replace(worker, own, *applied);
  }
  put_back(worker, reduced.returned);
  return {applied->update, identity_of(reduced, shared)};
}

/// Blocks that were lost leave this worker without an encoder: it never leads.
void LgcPs::receive(std::uint32_t rank, const Payload& encoder) {
  if (encoder.whole()) workers_[rank].encoder = numbers_of(encoder, autoencoder_.encoder().size());
}

Task<Update> LgcPs::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::local);
  if (ships(step)) {
    Payload nothing;
    auto shipped = co_await exchange.share(hub_rank, std::move(nothing));
    receive(rank, shipped);
  }
  const Cost adding{.flops = 0, .bytes = 12 * coordinates()};
  std::function<Payload()> begin = [this, gradient, step, rank, cut] {
    accumulate(rank, gradient, step);
    std::vector<Payload> sections;
    if (shares_entries(step) && leader(step) == Rank{rank}) {
      pack_choice(rank, choose(rank, LgcLayers::Choice::coded, step), cut, sections);
    }
    return Payload::joined(sections);
  };
  auto chosen = co_await exchange.work<Payload>(Phase::encode, adding, std::move(begin));
  gradient.reset();
  Places shared;
  if (shares_entries(step)) {
    auto arrived = co_await exchange.share(leader(step), std::move(chosen));
    shared = std::make_shared<const Coordinates>(read_choice(arrived, layers_.coded));
  }

  const bool codes = stage(step) == Stage::compressed;
  const bool leads = codes && learned_ && leader(step) == Rank{rank};
  const Cost encoding{.flops = leads ? autoencoder_.encoding_flops() : 0, .bytes = 8 * coordinates()};
  std::function<Payload()> encode = [this, step, rank, cut, shared, codes] {
    return codes ? compress(rank, step, cut) : send(rank, step, shared, cut);
  };
  auto own = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  AtHub fold;
  Payload message = own;
  auto reduced = co_await exchange.reduce(std::move(message), fold);

  const auto bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = 2 * bytes + 4 * coordinates()};
  std::function<Update()> end = [this, own, reduced, step, rank, shared] {
    return finish(rank, own, reduced, step, shared);
  };
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  co_return update;
}

Task<> LgcPs::serve(Step step, Hub& hub) {
  const Cut cut = hub.cut(Shape::local);
  if (ships(step)) {
    Payload encoder = pack_vector(wire_.folded(1), span_of(training_->encoder()), cut);
    co_await hub.share(hub_rank, std::move(encoder));
  }
  if (shares_entries(step)) {
    Payload nothing;
    co_await hub.share(leader(step), std::move(nothing));
  }
  auto parts = co_await hub.collect();
  const bool codes = stage(step) == Stage::compressed;
  const auto n = static_cast<double>(workers_.size());
  const double bytes = 4 * coordinates() + 2 * bytes_of(parts);
  const Cost merging{.flops = codes && learned_ ? n * autoencoder_.decoding_flops() : 0, .bytes = bytes};
  std::function<Payload()> job = [this, parts, step, cut] { return merge(parts, step, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, merging, std::move(job));
  hub.publish(std::move(merged));
  if (stage(step) != Stage::top_k || !learned_) co_return;
  // While the workers compute their next gradients.
  const Cost learning{.flops = learning_flops(), .bytes = 0};
  std::function<bool()> train = [this, parts, step] {
    learn(examples(parts), step);
    return true;
  };
  co_await hub.work<bool>(Phase::gradient, learning, std::move(train));
}

MessageSizes LgcPs::sizes() const {
  const Coordinates chosen = layers_.some(LgcLayers::Choice::coded);
  const Coordinates own = layers_.some(LgcLayers::Choice::innovation);
  const std::vector<float> zeros(layers_.size), code(1 + code_size());
  std::vector<Payload> innovation, down, leading;
  wire_.pack_model(zeros, false, own, zeros, wire_.stamp(0), Cut{}, innovation);
  pack_choice(0, chosen, Cut{}, leading);
  leading.push_back(wire_.pack_numbers(Section::code, code, wire_.stamp(0), Cut{}));
  wire_.pack_model(zeros, false, {}, {}, wire_.folded(1), Cut{}, down);
  wire_.pack_support(chosen, codecs::FloatSource(codecs::ValueCodec::fp32, zeros), wire_.folded(1), Cut{},
                     down);
  const Payload each = Payload::joined(innovation), one = Payload::joined(leading),
                back = Payload::joined(down);
  const std::uint64_t n = workers_.size();
  return {.up_bytes = each.bytes() + one.bytes() / n,
          .up_information_bits = each.information_bits() + one.information_bits() / n,
          .down_bytes = back.bytes(),
          .down_information_bits = back.information_bits()};
}

std::unique_ptr<Collective> make(const Value& resolved, const NodeContext& context) {
  return std::make_unique<LgcPs>(resolved, context);
}

}  // namespace

Entry<Maker> lgc_ps_method() {
  return {
      {.name = "lgc_ps",
       .summary =
           "one worker in turn sends an autoencoder's code for all, everyone a few entries of its own; the "
           "server learns the autoencoder from rounds of top-k and decodes",
       .source = "Abrahamyan, Chen, Bekoulis, Deligiannis 2021",
       .parameters = lgc_layer_parameters(true) +
                     Table{real("similarity", "share of the loss that draws the workers' codes together")
                               .in(0, 1)
                               .otherwise(0.0)} +
                     lgc_parameters(),
       .example = R"({"type": "lgc_ps", "ratio": 0.01, "innovation_ratio": 0.0001, "whole_last": 1})",
       .check = check_lgc_layers,
       .formula =
           "first 32 d, then k (b + 32); then the leader 8 k + k b + 32, everyone i (b + 32); 32 for each "
           "coordinate of the tensors sent whole; 32 k + k b down; once the encoder, 5.5 Mbit",
       .traits = {"sparse", "random", "error feedback"}},
      {.compressor = nullptr, .method = make}};
}

}  // namespace telegrad::training
