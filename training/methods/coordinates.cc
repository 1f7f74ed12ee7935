#include "training/methods/coordinates.h"

#include "training/methods/shared_results.h"

namespace telegrad::training {

Payload pack_coordinates(const Coordinates& coordinates, const codecs::Stamp& stamp,
                         std::span<const codecs::Unit> units, Cut cut) {
  return pack_sparse(stamp, units, codecs::covered_once(codecs::size_of(units)), cut, coordinates,
                     codecs::NoValues());
}

Coordinates read_coordinates(const Payload& payload, std::span<const codecs::Unit> units) {
  Coordinates coordinates;
  if (!payload.whole()) return coordinates;
  for (const Block& block : payload.blocks()) {
    codecs::for_each_entry(open(block, units), [&](std::uint32_t at, float) { coordinates.push_back(at); });
  }
  return coordinates;
}

std::uint64_t identity_of(const Coordinates& coordinates) {
  std::uint64_t identity = coordinates.size();
  for (std::uint32_t at : coordinates) identity = combine(identity, at);
  return identity;
}

}  // namespace telegrad::training
