#include "training/methods/lgc.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "training/methods/options.h"
#include "training/methods/randomness.h"
#include "training/methods/sum.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

AutoencoderTraining::Settings training_of(const Value& resolved, const NodeContext& context,
                                          std::uint32_t decoders) {
  return {.decoders = decoders,
          .learning_rate = resolved["autoencoder_learning_rate"].number(),
          .adam = resolved["autoencoder_optimizer"].text() == "adam",
          .similarity = resolved.find("similarity") != nullptr ? resolved["similarity"].number() : 0,
          .seed = context.seed};
}

}  // namespace

float normalising(std::span<const float> values) {
  double squares = 0;
  for (float value : values) squares += static_cast<double>(value) * value;
  return squares > 0 ? static_cast<float>(std::sqrt(static_cast<double>(values.size()) / squares)) : 1.0F;
}

bool has(const Coordinates& places, std::uint32_t place) {
  return std::binary_search(places.begin(), places.end(), place);
}

Lgc::Lgc(const Value& resolved, const NodeContext& context, Goal goal)
    : context_(context), layers_(resolved, context.layout),
      learned_(resolved["autoencoder"].text() == "learned"), goal_(goal),
      autoencoder_(layers_.coded, goal == Goal::each), wire_(layers_, code_size(), stamp(resolved, context)),
      workers_(context.workers), full_rounds_(static_cast<std::uint64_t>(resolved["full_rounds"].integer())),
      top_k_rounds_(static_cast<std::uint64_t>(resolved["top_k_rounds"].integer())),
      leader_entries_(resolved["top_k_entries"].text() == "leader"),
      by_sign_(resolved["order"].text() == "sign"), subtract_(resolved["residual"].text() == "subtract") {
  const std::string& leading = resolved["leader"].text();
  leading_ = leading == "cyclic" ? Leading::cyclic : leading == "fixed" ? Leading::fixed : Leading::random;
  for (Worker& worker : workers_) worker.memory.resize(layers_.size);
  const std::uint32_t decoders = goal == Goal::each ? context.workers : 1;
  training_ = std::make_unique<AutoencoderTraining>(autoencoder_, training_of(resolved, context, decoders));
}

Lgc::Stage Lgc::stage(const Step& step) const {
  if (step.round <= full_rounds_) return Stage::full;
  return step.round <= full_rounds_ + top_k_rounds_ ? Stage::top_k : Stage::compressed;
}

bool Lgc::ships(const Step& step) const {
  return learned_ && layers_.coded > 0 && step.round == full_rounds_ + top_k_rounds_ + 1;
}

Rank Lgc::leader(const Step& step) const {
  const auto n = static_cast<std::uint32_t>(workers_.size());
  if (leading_ == Leading::fixed) return Rank{0};
  if (leading_ == Leading::cyclic) return Rank{static_cast<std::uint32_t>((step.round - 1) % n)};
  Stream stream = shared_stream(context_, step.round, 0);
  return Rank{static_cast<std::uint32_t>(stream.uniform() * n)};
}

bool Lgc::shares_entries(const Step& step) const {
  return leader_entries_ && layers_.coded > 0 && stage(step) == Stage::top_k;
}

NodeContext Lgc::context_of(std::uint32_t rank) const {
  NodeContext here = context_;
  here.rank = rank;
  return here;
}

void Lgc::accumulate(std::uint32_t rank, const at::Tensor& gradient, const Step& step) {
  std::vector<float>& memory = workers_[rank].memory;
  const auto g = span_of(gradient);
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] += g[i];
  require_finite(memory, context_of(rank), step);
}

Coordinates Lgc::in_order(std::span<const std::uint32_t> places, std::span<const float> values) const {
  if (!by_sign_) return {places.begin(), places.end()};
  Coordinates result;
  for (std::uint32_t i : layers_.by_sign(places, values)) result.push_back(places[i]);
  return result;
}

Coordinates Lgc::choose(std::uint32_t rank, LgcLayers::Choice choice, const Step& step) const {
  const std::vector<float>& memory = workers_[rank].memory;
  const Coordinates chosen = layers_.largest(memory, choice, context_of(rank), step);
  std::vector<float> values;
  for (std::uint32_t at : chosen) values.push_back(memory[at]);
  return in_order(chosen, values);
}

void Lgc::pack_choice(std::uint32_t rank, const Coordinates& chosen, Cut cut,
                      std::vector<Payload>& into) const {
  Coordinates rising = chosen;
  std::sort(rising.begin(), rising.end());
  std::vector<std::int32_t> negative;
  for (std::uint32_t at : rising) negative.push_back(workers_[rank].memory[at] < 0 ? 1 : 0);
  if (by_sign_) {
    const codecs::SymbolSource signs(codecs::ValueCodec::sign, negative);
    wire_.pack_support(rising, signs, wire_.stamp(rank), cut, into);
  } else {
    wire_.pack_support(rising, codecs::NoValues(), wire_.stamp(rank), cut, into);
  }
}

Coordinates Lgc::read_choice(const Payload& payload, std::size_t expected) const {
  const Entries entries = wire_.read_support(payload, expected);
  return in_order(entries.at, entries.values);
}

std::vector<Payload> Lgc::send_model(std::uint32_t rank, bool all, const Coordinates& places, Cut cut) {
  std::vector<float>& memory = workers_[rank].memory;
  std::vector<float> values(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) values[i] = memory[places[i]];
  std::vector<Payload> sections;
  wire_.pack_model(memory, all, places, values, wire_.stamp(rank), cut, sections);
  for (const LgcLayers::Run& run : layers_.runs) {
    if (all || run.whole) std::fill(memory.begin() + run.first, memory.begin() + run.end, 0.0F);
  }
  for (std::uint32_t place : places) memory[place] = 0;
  return sections;
}

Payload Lgc::send(std::uint32_t rank, const Step& step, const Places& shared, Cut cut) {
  Worker& worker = workers_[rank];
  Coordinates places;
  if (stage(step) == Stage::top_k) {
    const auto choice = shared ? LgcLayers::Choice::plain : LgcLayers::Choice::kept;
    places = layers_.largest(worker.memory, choice, context_of(rank), step);
  }
  std::vector<Payload> sections = send_model(rank, stage(step) == Stage::full, places, cut);
  if (shared) {
    std::vector<float> values(shared->size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = std::exchange(worker.memory[(*shared)[i]], 0.0F);
    }
    sections.push_back(wire_.pack_numbers(Section::values, values, wire_.stamp(rank), cut));
  }
  Payload payload = Payload::joined(sections);
  worker.sent.add(payload, {.decoded = nullptr, .numbers = shared});
  return payload;
}

/// Partial sums, which belong to nothing that this worker sent, are of the latest round.
void Lgc::put_back(Worker& worker, const Payload& returned) const {
  for (const Block& block : returned.blocks()) {
    const Sent* of = worker.sent.of_or_latest(block);
    if (block.lost || of == nullptr) continue;
    const auto vector = codecs::whole(of->wire);
    const std::uint32_t numbers_at = of->wire > 0 ? 0 : wire_.first_of(Section::values);
    auto put = [&](std::uint32_t at, float value) {
      if (of->wire == 0 && at < layers_.size) {
        if (!of->decoded || !has(*of->decoded, at)) worker.memory[at] += value;
      } else if (of->numbers && at >= numbers_at && at - numbers_at < of->numbers->size()) {
        worker.memory[(*of->numbers)[at - numbers_at]] += value;
      }
    };
    codecs::for_each_entry(open(block, of->wire > 0 ? vector : wire_.units()), put);
  }
}

void Lgc::replace(Worker& worker, const Payload& own, const Applied& applied) const {
  const Coordinates& decoded = *applied.decoded;
  if (decoded.empty()) return;
  if (subtract_) {
    wire_.for_each(own, Section::model, [&](std::uint32_t at, float value) {
      if (has(decoded, at)) worker.memory[at] += value;
    });
    // Beyond a relative error of 1 the memory would grow without bound.
    const auto update = span_of(applied.update);
    double error = 0, all = 0;
    for (std::uint32_t at : decoded) {
      const double value = worker.memory[at];
      error += (value - update[at]) * (value - update[at]);
      all += value * value;
    }
    if (error <= all) {
      for (std::uint32_t at : decoded) worker.memory[at] -= update[at];
      return;
    }
  }
  for (std::uint32_t at : decoded) worker.memory[at] = 0;
}

std::uint64_t Lgc::identity_of(const Reduced& reduced, const Places& shared) const {
  const std::uint64_t identity = combine(reduced.merged.identity(), reduced.cohort);
  return shared ? combine(identity, training::identity_of(*shared)) : identity;
}

std::shared_ptr<const Lgc::Applied> Lgc::apply(const Reduced& reduced, const Places& shared) {
  return applied_.get(identity_of(reduced, shared), [&] {
    Applied result;
    result.update = at::zeros({std::int64_t{layers_.size}}, at::kFloat);
    const std::span<float> update = mutable_span_of(result.update);
    const Payload sums = wire_.section(reduced.merged, Section::model);
    add_mean(sums, wire_.units(), Divisor{reduced.cohort}, update);
    const float share = 1 / static_cast<float>(reduced.cohort);
    auto decoded = std::make_shared<Coordinates>();
    wire_.for_each(reduced.merged, Section::support, [&](std::uint32_t at, float value) {
      update[at] += share * value;
      decoded->push_back(at);
    });
    wire_.for_each(reduced.merged, Section::values,
                   [&](std::uint32_t at, float value) { update[shared->at(at)] += share * value; });
    result.decoded = std::move(decoded);
    return result;
  });
}

}  // namespace telegrad::training
