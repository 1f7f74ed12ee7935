#include <ATen/ops/zeros.h>

#include <algorithm>
#include <numeric>

#include "sim/core/errors.h"
#include "training/methods/dense_sum.h"
#include "training/methods/lgc.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/methods/sum.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

/// LGC for a ring all-reduce. In the rounds of the code the leader shares its entries I and their scale s; then
///   z = mean_k E(s v_k[I]), reduced as a vector; at every node update = D(z) / s on I.
/// Tensors that are sent whole, and entries that do not pass the autoencoder, lie in that vector too.
class LgcRing final : public Lgc {
 public:
  LgcRing(const Value& resolved, const NodeContext& context);

  std::vector<Shape> shapes() const override { return {Shape::linear, Shape::local}; }
  Task<Update> average(at::Tensor gradient, Step step, Exchange& exchange) override;
  Task<> serve(Step step, Hub& hub) override;
  MessageSizes sizes() const override;

 private:
  class Gathering;
  /// The vector of a round: numbers of these coordinates, then a code of what these others hold.
  struct Vector {
    Places numbers;
    Places coded;
    float scale = 1;
    std::uint32_t size = 0;
  };

  Payload lead(std::uint32_t rank, const Step& step, Cut cut) const;
  Vector vector_of(const Payload& shared) const;
  Payload send_vector(std::uint32_t rank, const Vector& vector, Cut cut);
  Applied applied_vector(std::uint32_t rank, const Reduced& reduced, const Vector& vector) const;
  Update finish(std::uint32_t rank, const Reduced& reduced, const Vector& vector);
  Payload gather(std::span<const Part> parts, bool trains, Cut cut);
  Payload weights(Cut cut) const;
  void receive(std::uint32_t rank, const Payload& shipped);
  Task<Update> average_entries(Step step, Exchange& exchange);
  Task<Update> average_vector(Step step, Exchange& exchange);

  Vector whole_model_;
  SharedResults<Payload> gathered_;
  SharedResults<Applied> results_;
  Examples examples_;  // of the latest round, at the node that trains
};

/// Of the second stage: everybody folds everybody's, one for all; the first worker learns from them.
class LgcRing::Gathering final : public Fold {
 public:
  Gathering(LgcRing& method, bool trains) : method_(method), trains_(trains) {}
  Shape shape() const override { return Shape::local; }
  Payload fold(std::span<const Part> parts, Cut cut) override { return method_.gather(parts, trains_, cut); }
  Cost cost(std::span<const Part> parts, Cut) const override {
    return {.flops = 0, .bytes = 4 * method_.coordinates() + 2 * bytes_of(parts)};
  }

 private:
  LgcRing& method_;
  bool trains_;
};

LgcRing::LgcRing(const Value& resolved, const NodeContext& context) : Lgc(resolved, context, Goal::mean) {
  Coordinates all(layers_.size);
  std::iota(all.begin(), all.end(), 0U);
  whole_model_ = {std::make_shared<const Coordinates>(std::move(all)), std::make_shared<const Coordinates>(),
                  1, layers_.size};
}

Payload LgcRing::lead(std::uint32_t rank, const Step& step, Cut cut) const {
  const std::vector<float>& memory = workers_[rank].memory;
  const Coordinates chosen = choose(rank, LgcLayers::Choice::kept, step);
  std::vector<float> values;
  for (std::uint32_t at : chosen) {
    if (layers_.is_coded(at)) values.push_back(memory[at]);
  }
  const std::vector<float> scale(1, normalising(values));
  std::vector<Payload> sections;
  pack_choice(rank, chosen, cut, sections);
  sections.push_back(wire_.pack_numbers(Section::code, scale, wire_.stamp(rank), cut));
  return Payload::joined(sections);
}

/// Where some of what the leader shared was lost, on its way up to all, only tensors that are sent whole travel.
LgcRing::Vector LgcRing::vector_of(const Payload& shared) const {
  Coordinates chosen = read_choice(shared, layers_.coded + layers_.plain);
  Vector vector;
  bool scaled = false;
  wire_.for_each(shared, Section::code, [&](std::uint32_t, float value) {
    vector.scale = value;
    scaled = true;
  });
  if (!scaled) chosen.clear();
  Coordinates numbers, coded;
  for (const LgcLayers::Run& run : layers_.runs) {
    for (std::uint32_t at = run.first; run.whole && at < run.end; ++at) numbers.push_back(at);
  }
  for (std::uint32_t at : chosen) (layers_.is_coded(at) ? coded : numbers).push_back(at);
  vector.size = static_cast<std::uint32_t>(numbers.size()) + (coded.empty() ? 0 : code_size());
  vector.numbers = std::make_shared<const Coordinates>(std::move(numbers));
  vector.coded = std::make_shared<const Coordinates>(std::move(coded));
  return vector;
}

Payload LgcRing::send_vector(std::uint32_t rank, const Vector& vector, Cut cut) {
  Worker& worker = workers_[rank];
  std::vector<float> values;
  values.reserve(vector.size);
  for (std::uint32_t at : *vector.numbers) values.push_back(std::exchange(worker.memory[at], 0.0F));
  if (!vector.coded->empty()) {
    std::vector<float> scaled;
    for (std::uint32_t at : *vector.coded) scaled.push_back(vector.scale * worker.memory[at]);
    const std::vector<float> code = encode(worker.encoder, scaled);
    values.insert(values.end(), code.begin(), code.end());
  }
  codecs::Stamp stamp{.method = context_.method, .worker = rank};
  Payload payload = pack_vector(stamp, values, cut);
  worker.sent.add(payload, {.decoded = nullptr, .numbers = vector.numbers, .wire = vector.size});
  return payload;
}

/// Numbers are divided by everybody, since memories take back what is missing; the code by those whose code is in it.
Lgc::Applied LgcRing::applied_vector(std::uint32_t rank, const Reduced& reduced, const Vector& vector) const {
  Applied result;
  result.update = at::zeros({std::int64_t{layers_.size}}, at::kFloat);
  const auto update = mutable_span_of(result.update);
  const std::vector<float> mean = mean_vector(reduced, vector.size, Count::cohort);
  for (std::size_t i = 0; i < vector.numbers->size(); ++i) update[(*vector.numbers)[i]] = mean[i];
  auto decoded = std::make_shared<Coordinates>();
  if (!vector.coded->empty()) {
    const std::vector<float> codes = mean_vector(reduced, vector.size, Count::contributors);
    std::vector<bool> arrived(vector.size);
    for (const Block& block : reduced.merged.blocks()) {
      if (block.lost) continue;
      const auto header = open(block, codecs::whole(vector.size)).header;
      for (std::uint32_t i = 0; i < header.span && header.weight() > 0; ++i) arrived[header.first + i] = true;
    }
    const auto behind = static_cast<std::ptrdiff_t>(vector.numbers->size());
    const std::vector<bool> known = told({arrived.begin() + behind, arrived.end()});
    const std::vector<float> values =
        decode(workers_[rank].decoder, std::span(codes).subspan(vector.numbers->size()), {});
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!known[i]) continue;
      update[(*vector.coded)[i]] = values[i] / vector.scale;
      decoded->push_back((*vector.coded)[i]);
    }
  }
  std::sort(decoded->begin(), decoded->end());
  result.decoded = std::move(decoded);
  return result;
}

Update LgcRing::finish(std::uint32_t rank, const Reduced& reduced, const Vector& vector) {
  Worker& worker = workers_[rank];
  const std::uint64_t identity =
      combine(identity_of(reduced, vector.numbers), identity_of(reduced, vector.coded));
  const auto applied = results_.get(identity, [&] { return applied_vector(rank, reduced, vector); });
  replace(worker, Payload(), *applied);
  put_back(worker, reduced.returned);
  return {applied->update, identity};
}

Payload LgcRing::gather(std::span<const Part> parts, bool trains, Cut cut) {
  if (trains) examples_ = examples(parts);
  return *gathered_.get(training::identity_of(parts),
                        [&] { return Payload::joined(add_up(parts, false, Coordinates(), cut)); });
}

Payload LgcRing::weights(Cut cut) const {
  const auto encoder = span_of(training_->encoder()), decoder = span_of(training_->decoder(0));
  std::vector<float> both(encoder.begin(), encoder.end());
  both.insert(both.end(), decoder.begin(), decoder.end());
  return pack_vector({.flags = codecs::kFolded}, both, cut);
}

void LgcRing::receive(std::uint32_t rank, const Payload& shipped) {
  if (!shipped.whole()) {
    throw RunError(Failure::bad_data, "worker " + std::to_string(rank) +
                                          " got the autoencoder with holes; lgc_ring needs it whole: use a "
                                          "transport that loses nothing (tcp)");
  }
  const std::int64_t encoder = autoencoder_.encoder().size(), decoder = autoencoder_.decoder().size();
  const at::Tensor both = numbers_of(shipped, encoder + decoder);
  workers_[rank].encoder = both.narrow(0, 0, encoder);
  workers_[rank].decoder = both.narrow(0, encoder, decoder);
}

Task<Update> LgcRing::average(at::Tensor gradient, Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  if (ships(step)) {
    const Rank trainer = exchange.has_hub() ? hub_rank : Rank{0};
    Payload mine;
    if (exchange.rank() == trainer) mine = weights(exchange.cut(Shape::local));
    auto shipped = co_await exchange.share(trainer, std::move(mine));
    receive(rank, shipped);
  }
  const Cost adding{.flops = 0, .bytes = 12 * coordinates()};
  std::function<bool()> add = [this, gradient, step, rank] {
    accumulate(rank, gradient, step);
    return true;
  };
  co_await exchange.work<bool>(Phase::encode, adding, std::move(add));
  gradient.reset();
  Task<Update> rest =
      stage(step) == Stage::top_k ? average_entries(step, exchange) : average_vector(step, exchange);
  co_return co_await std::move(rest);
}

/// The second stage.
Task<Update> LgcRing::average_entries(Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const Cut cut = exchange.cut(Shape::local);
  const Cost selecting{.flops = 0, .bytes = 8 * coordinates()};
  Places shared;
  if (shares_entries(step)) {
    Payload chosen;
    if (exchange.rank() == leader(step)) {
      std::function<Payload()> job = [this, step, rank, cut] {
        std::vector<Payload> sections;
        pack_choice(rank, choose(rank, LgcLayers::Choice::coded, step), cut, sections);
        return Payload::joined(sections);
      };
      auto mine = co_await exchange.work<Payload>(Phase::encode, selecting, std::move(job));
      chosen = std::move(mine);
    }
    auto arrived = co_await exchange.share(leader(step), std::move(chosen));
    shared = std::make_shared<const Coordinates>(read_choice(arrived, layers_.coded));
  }
  std::function<Payload()> encode = [this, step, rank, cut, shared] { return send(rank, step, shared, cut); };
  auto payload = co_await exchange.work<Payload>(Phase::encode, selecting, std::move(encode));
  const bool trains = !exchange.has_hub() && rank == 0;
  Gathering gathering(*this, trains);
  auto reduced = co_await exchange.reduce(std::move(payload), gathering);

  const auto bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = 0, .bytes = 2 * bytes + 4 * coordinates()};
  std::function<Update()> end = [this, reduced, rank, shared] {
    put_back(workers_[rank], reduced.returned);
    return Update{apply(reduced, shared)->update, Lgc::identity_of(reduced, shared)};
  };
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  if (trains && learned_) {
    const Cost learning{.flops = learning_flops(), .bytes = 0};
    std::function<bool()> train = [this, step] {
      learn(std::exchange(examples_, {}), step);
      return true;
    };
    co_await exchange.work<bool>(Phase::gradient, learning, std::move(train));
  }
  co_return update;
}

/// The first stage and the third.
Task<Update> LgcRing::average_vector(Step step, Exchange& exchange) {
  const std::uint32_t rank = exchange.rank().value;
  const bool codes = stage(step) == Stage::compressed;
  auto vector = std::make_shared<Vector>(whole_model_);
  if (codes) {
    Payload chosen;
    if (exchange.rank() == leader(step)) {
      const Cut whole = exchange.cut(Shape::local);
      const Cost selecting{.flops = 0, .bytes = 8 * coordinates()};
      std::function<Payload()> job = [this, step, rank, whole] { return lead(rank, step, whole); };
      auto mine = co_await exchange.work<Payload>(Phase::encode, selecting, std::move(job));
      chosen = std::move(mine);
    }
    auto shared = co_await exchange.share(leader(step), std::move(chosen));
    *vector = vector_of(shared);
  }
  const Cut cut = exchange.cut(Shape::linear);
  const bool coded = learned_ && !vector->coded->empty();
  const Cost encoding{.flops = coded ? autoencoder_.encoding_flops() : 0, .bytes = 8.0 * vector->size};
  std::function<Payload()> encode = [this, rank, vector, cut] { return send_vector(rank, *vector, cut); };
  auto payload = co_await exchange.work<Payload>(Phase::encode, encoding, std::move(encode));
  DenseSum sum(vector->size, Count::contributors);
  auto reduced = co_await exchange.reduce(std::move(payload), sum);

  const auto bytes = static_cast<double>(reduced.merged.bytes() + reduced.returned.bytes());
  const Cost decoding{.flops = coded ? autoencoder_.decoding_flops() : 0,
                      .bytes = 2 * bytes + 4 * coordinates()};
  std::function<Update()> end = [this, rank, reduced, vector] { return finish(rank, reduced, *vector); };
  auto update = co_await exchange.work<Update>(Phase::decode, decoding, std::move(end));
  co_return update;
}

Task<> LgcRing::serve(Step step, Hub& hub) {
  const Cut cut = hub.cut(Shape::local);
  if (ships(step)) {
    Payload both = weights(cut);
    co_await hub.share(hub_rank, std::move(both));
  }
  Payload nothing;
  if (stage(step) != Stage::top_k) {
    std::uint32_t size = layers_.size;
    if (stage(step) == Stage::compressed) {
      auto shared = co_await hub.share(leader(step), std::move(nothing));
      size = vector_of(shared).size;
    }
    co_await serve_sum(size, Count::contributors, hub);
    co_return;
  }
  if (shares_entries(step)) {
    co_await hub.share(leader(step), std::move(nothing));
  }
  auto parts = co_await hub.collect();
  const Cost merging{.flops = 0, .bytes = 4 * coordinates() + 2 * bytes_of(parts)};
  std::function<Payload()> job = [this, parts, cut] { return gather(parts, true, cut); };
  auto merged = co_await hub.work<Payload>(Phase::fold, merging, std::move(job));
  hub.publish(std::move(merged));
  if (!learned_) co_return;
  const Cost learning{.flops = learning_flops(), .bytes = 0};
  std::function<bool()> train = [this, step] {
    learn(std::exchange(examples_, {}), step);
    return true;
  };
  co_await hub.work<bool>(Phase::gradient, learning, std::move(train));
}

MessageSizes LgcRing::sizes() const {
  const Coordinates chosen = layers_.some(LgcLayers::Choice::kept);
  const std::vector<float> scale(1);
  std::vector<Payload> sections;
  pack_choice(0, chosen, Cut{}, sections);
  sections.push_back(wire_.pack_numbers(Section::code, scale, wire_.stamp(0), Cut{}));
  const Payload shared = Payload::joined(sections);
  const std::vector<float> numbers(vector_of(shared).size);
  const Payload vector = pack_vector({}, numbers, Cut{});
  const std::uint64_t n = workers_.size();  // one shares, n - 1 get it
  return {.up_bytes = vector.bytes() + shared.bytes() / n,
          .up_information_bits = vector.information_bits() + shared.information_bits() / n,
          .down_bytes = vector.bytes() + shared.bytes() * (n - 1) / n,
          .down_information_bits = vector.information_bits() + shared.information_bits() * (n - 1) / n};
}

std::unique_ptr<Collective> make(const Value& resolved, const NodeContext& context) {
  return std::make_unique<LgcRing>(resolved, context);
}

}  // namespace

Entry<Maker> lgc_ring_method() {
  return {
      {.name = "lgc_ring",
       .summary =
           "one worker in turn chooses the entries of all, whose values add up as an autoencoder's codes; "
           "learned by one node from rounds of top-k",
       .source = "Abrahamyan, Chen, Bekoulis, Deligiannis 2021",
       .parameters = lgc_layer_parameters(false) + lgc_parameters(),
       .example = R"({"type": "lgc_ring", "ratio": 0.01, "whole_last": 1})",
       .formula = "first 32 d, then k (b + 32); then 8 k from each worker, k b + 32 from one; 32 for each "
                  "coordinate of the tensors sent whole; once encoder and decoder, 6.9 Mbit",
       .traits = {"sparse", "random", "error feedback"}},
      {.compressor = nullptr, .method = make}};
}

}  // namespace telegrad::training
