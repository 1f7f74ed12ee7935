// The vector that LGC reduces over a ring: how it comes from a memory, and what comes of it.

#include <ATen/ops/zeros.h>

#include <algorithm>

#include "training/methods/dense_sum.h"
#include "training/methods/lgc_ring.h"
#include "training/methods/sum.h"
#include "training/span.h"

namespace telegrad::training {

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

}  // namespace telegrad::training
