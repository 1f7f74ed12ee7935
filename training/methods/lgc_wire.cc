#include "training/methods/lgc_wire.h"

#include <algorithm>

namespace telegrad::training {
namespace {

/// How many contributions a block with this stamp stands for.
std::uint32_t weight_of(const codecs::Stamp& stamp) {
  return (stamp.flags & codecs::kFolded) != 0 ? stamp.worker : 1;
}

}  // namespace

LgcWire::LgcWire(const LgcLayers& layers, std::uint32_t code_size, const codecs::Stamp& stamp)
    : layers_(layers), stamp_(stamp) {
  for (std::uint32_t from : {0U, layers.size}) {
    for (const auto& run : layers.runs) units_.push_back({from + run.first, run.end - run.first});
  }
  units_.push_back({first_of(Section::values), layers.coded});
  units_.push_back({first_of(Section::code), 1 + code_size});
}

std::uint32_t LgcWire::first_of(Section which) const {
  switch (which) {
    case Section::model: return 0;
    case Section::support: return layers_.size;
    case Section::values: return 2 * layers_.size;
    case Section::code: return 2 * layers_.size + layers_.coded;
  }
  return 0;
}

codecs::Stamp LgcWire::stamp(std::uint32_t rank) const {
  codecs::Stamp result = stamp_;
  result.worker = rank;
  return result;
}

codecs::Stamp LgcWire::folded(std::uint32_t contributions) const {
  codecs::Stamp result = stamp(contributions);
  result.method = codecs::kFoldedMethod;
  result.flags |= codecs::kFolded;
  return result;
}

void LgcWire::pack_model(std::span<const float> dense, bool all, std::span<const std::uint32_t> places,
                         std::span<const float> values, const codecs::Stamp& stamp, Cut cut,
                         std::vector<Payload>& into) const {
  for (const auto& run : layers_.runs) {
    const std::vector<codecs::Coverage> coverage(1, {run.first, run.end, weight_of(stamp)});
    if (all || run.whole) {
      const codecs::FloatSource source(codecs::ValueCodec::fp32,
                                       dense.subspan(run.first, run.end - run.first));
      into.push_back(pack_dense(stamp, units_, coverage, cut, source));
    } else if (std::lower_bound(places.begin(), places.end(), run.first) !=
               std::lower_bound(places.begin(), places.end(), run.end)) {
      const codecs::FloatSource source(codecs::ValueCodec::fp32, values);
      into.push_back(pack_sparse(stamp, units_, coverage, cut, places, source));
    }
  }
}

void LgcWire::pack_support(const Coordinates& chosen, const codecs::ValueSource& values,
                           const codecs::Stamp& stamp, Cut cut, std::vector<Payload>& into) const {
  Coordinates places = chosen;
  for (std::uint32_t& place : places) place += layers_.size;
  for (const auto& run : layers_.runs) {
    if (run.whole) continue;
    const std::vector<codecs::Coverage> coverage(
        1, {layers_.size + run.first, layers_.size + run.end, weight_of(stamp)});
    into.push_back(pack_sparse(stamp, units_, coverage, cut, places, values));
  }
}

Payload LgcWire::pack_numbers(Section which, std::span<const float> numbers, const codecs::Stamp& stamp,
                              Cut cut) const {
  if (numbers.empty()) return {};
  const std::uint32_t first = first_of(which);
  const auto end = first + static_cast<std::uint32_t>(numbers.size());
  const std::vector<codecs::Coverage> coverage(1, {first, end, weight_of(stamp)});
  return pack_dense(stamp, units_, coverage, cut, codecs::FloatSource(codecs::ValueCodec::fp32, numbers));
}

Payload LgcWire::section(const Payload& payload, Section which) const {
  const std::uint32_t first = first_of(which);
  const std::uint32_t end = which == Section::code ? ~0U : first_of(Section{static_cast<int>(which) + 1});
  std::vector<bool> kept;
  for (const Block& block : payload.blocks()) {
    codecs::BlockHeader header;
    std::size_t size = 0;
    const bool readable =
        !block.lost && codecs::read_header(block.bytes(), header, size) == codecs::DecodeError::none;
    kept.push_back(readable && header.first >= first && header.first < end);
  }
  return payload.only(kept);
}

Entries LgcWire::read_support(const Payload& payload, std::size_t expected) const {
  Entries entries;
  for_each(payload, Section::support, [&](std::uint32_t at, float value) { entries.add(at, value); });
  return entries.at.size() == expected ? entries : Entries();
}

}  // namespace telegrad::training
