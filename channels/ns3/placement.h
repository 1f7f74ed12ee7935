#pragma once

#include <cstdint>
#include <vector>

namespace telegrad::channels {

/// Metres from the access point, which stands at the origin.
struct Position {
  double x = 0;
  double y = 0;
};

/// Uniform on the area of a disc, from the network's seed.
std::vector<Position> disc(std::uint32_t stations, double radius_m, std::uint64_t seed);

/// Evenly on a circle; the first station lies on the x axis.
std::vector<Position> ring(std::uint32_t stations, double radius_m);

}  // namespace telegrad::channels
