// What a node of LGC does that sees everybody's messages: adds them up, and trains the autoencoder.

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "training/methods/lgc.h"
#include "training/methods/randomness.h"
#include "training/methods/sum.h"

namespace telegrad::training {

std::vector<Payload> Lgc::add_up(std::span<const Part> parts, bool all, const Coordinates& decoded,
                                 Cut cut) const {
  Sum sum(layers_.size);
  std::vector<float> numbers(layers_.coded);
  std::size_t length = 0;
  for (const Part& part : parts) {
    sum.add(wire_.section(part.payload, Section::model), wire_.units());
    wire_.for_each(part.payload, Section::values, [&](std::uint32_t at, float value) {
      numbers[at] += value;
      length = std::max<std::size_t>(length, at + 1);
    });
  }
  Coordinates places = sum.support();
  std::erase_if(places, [&](std::uint32_t at) { return has(decoded, at); });
  std::vector<float> values(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) values[i] = sum.values()[places[i]];
  const codecs::Stamp stamp = wire_.folded(std::max(sum.contributions(), 1U));
  std::vector<Payload> sections;
  wire_.pack_model(sum.values(), all, places, values, stamp, cut, sections);
  if (length > 0) {
    sections.push_back(wire_.pack_numbers(Section::values, std::span(numbers).first(length), stamp, cut));
  }
  return sections;
}

Lgc::Examples Lgc::examples(std::span<const Part> parts) const {
  Examples result;
  for (const Part& part : parts) {
    AutoencoderTraining::Example example{.worker = part.rank.value, .values = {}, .innovation = {}};
    auto take = [&](std::uint32_t, float value) { example.values.push_back(value); };
    wire_.for_each(part.payload, Section::values, take);
    if (example.values.empty()) {
      Entries coded;
      wire_.for_each(part.payload, Section::model, [&](std::uint32_t at, float value) {
        if (layers_.is_coded(at)) coded.add(at, value);
      });
      std::vector<std::uint32_t> order(coded.at.size());
      std::iota(order.begin(), order.end(), 0U);
      if (by_sign_) order = layers_.by_sign(coded.at, coded.values);
      for (std::uint32_t i : order) take(coded.at[i], coded.values[i]);
    }
    if (example.values.size() != layers_.coded) continue;  // some were lost
    example.innovation.resize(layers_.coded);
    for (std::uint32_t at : layers_.innovations(example.values)) example.innovation[at] = example.values[at];
    result.push_back(std::move(example));
  }
  return result;
}

void Lgc::learn(Examples examples, const Step& step) {
  if (!learned_ || examples.empty()) return;
  // The code is the leader's where all sent its entries, as it will be; else, as the paper has it, a random worker's.
  Stream stream = shared_stream(context_, step.round, 1);
  auto leading = static_cast<std::size_t>(stream.uniform() * static_cast<double>(examples.size()));
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (leader_entries_ && examples[i].worker == leader(step).value) leading = i;
  }
  const float scale = normalising(examples[leading].values);
  double zeros = 0;
  for (AutoencoderTraining::Example& example : examples) {
    double squares = 0;
    for (float& value : example.values) value *= scale, squares += static_cast<double>(value) * value;
    for (float& value : example.innovation) value *= scale;
    zeros += squares / static_cast<double>(example.values.size());
  }
  const auto losses =
      goal_ == Goal::each ? training_->from_one(examples, leading) : training_->from_all(examples);
  if (goal_ == Goal::mean) {
    zeros = 0;
    for (std::size_t i = 0; i < layers_.coded; ++i) {
      double mean = 0;
      for (const auto& example : examples) mean += example.values[i] / static_cast<double>(examples.size());
      zeros += mean * mean / layers_.coded;
    }
  }
  progress_.push_back({losses.reconstruction, zeros});
}

std::vector<std::string> Lgc::remarks() const {
  if (layers_.coded == 0) return {"no tensor passes the autoencoder"};
  if (progress_.empty()) return {};
  constexpr std::size_t kLast = 50;
  Progress sum;
  const std::size_t rounds = std::min(kLast, progress_.size());
  for (std::size_t i = progress_.size() - rounds; i < progress_.size(); ++i) {
    sum.reconstruction += progress_[i].reconstruction;
    sum.zeros += progress_[i].zeros;
  }
  char text[200];
  std::snprintf(
      text, sizeof text,
      "in the last %zu of %zu rounds of its training the autoencoder missed %.3g %% of the energy of "
      "the values (zeros would miss 100 %%)",
      rounds, progress_.size(), 100 * sum.reconstruction / sum.zeros);
  return {text};
}

double Lgc::learning_flops() const {
  return learned_ ? training_->flops(static_cast<double>(workers_.size())) : 0;
}

std::vector<float> Lgc::encode(const at::Tensor& weights, std::span<const float> values) const {
  if (learned_) return autoencoder_.encode(weights, values);
  return {values.begin(), values.end()};
}

std::vector<float> Lgc::decode(const at::Tensor& weights, std::span<const float> code,
                               std::span<const float> innovation) const {
  if (learned_) return autoencoder_.decode(weights, code, innovation);
  std::vector<float> values(code.begin(), code.end());
  for (std::size_t i = 0; i < innovation.size(); ++i) {
    if (innovation[i] != 0) values[i] = innovation[i];
  }
  return values;
}

std::vector<bool> Lgc::told(const std::vector<bool>& arrived) const {
  std::vector<bool> result(layers_.coded, true);
  if (!learned_) return arrived;
  std::vector<bool> alive(autoencoder_.positions(), true);
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    if (!arrived[i]) alive[i % autoencoder_.positions()] = false;
  }
  if (std::find(alive.begin(), alive.end(), false) == alive.end()) return result;
  for (std::uint32_t at = 0; at < layers_.coded; ++at) result[at] = !autoencoder_.depends(at, alive);
  return result;
}

}  // namespace telegrad::training
