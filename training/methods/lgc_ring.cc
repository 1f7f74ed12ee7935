#include "training/methods/lgc_ring.h"

#include <algorithm>
#include <numeric>

#include "sim/core/errors.h"
#include "training/methods/dense_sum.h"
#include "training/methods/options.h"
#include "training/methods/parts.h"
#include "training/span.h"

namespace telegrad::training {

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

namespace {

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
