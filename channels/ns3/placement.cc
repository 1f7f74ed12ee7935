#include "channels/ns3/placement.h"

#include <cmath>
#include <numbers>

#include "sim/core/random.h"

namespace telegrad::channels {

std::vector<Position> disc(std::uint32_t stations, double radius_m, std::uint64_t seed) {
  std::vector<Position> positions;
  for (std::uint32_t station = 0; station < stations; ++station) {
    StreamKey key;
    key.seed = seed;
    key.purpose = Purpose::placement;
    key.node = station;
    Stream random(key);
    const double radius = radius_m * std::sqrt(random.uniform());
    const double angle = 2 * std::numbers::pi * random.uniform();
    positions.push_back({radius * std::cos(angle), radius * std::sin(angle)});
  }
  return positions;
}

std::vector<Position> ring(std::uint32_t stations, double radius_m) {
  std::vector<Position> positions;
  for (std::uint32_t station = 0; station < stations; ++station) {
    const double angle = 2 * std::numbers::pi * station / stations;
    positions.push_back({radius_m * std::cos(angle), radius_m * std::sin(angle)});
  }
  return positions;
}

}  // namespace telegrad::channels
