#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace telegrad::physics {

/// An access point that broadcasts datagrams to stations under Rayleigh fading, written with ns-3's own helpers and stock
/// applications only: the oracle of our broadcasts.
struct PlainBroadcast {
  std::vector<double> distances_m;  // of each station
  std::string mode = "HeMcs4";      // of frames for all
  std::uint32_t datagrams = 1000;
  std::uint32_t bytes = 1472;  // of each, without the header of UDP
  std::uint32_t seed = 1;
};

/// Share of the datagrams that each station has lost. Needs that no other ns-3 simulation lives in this process, and leaves
/// ns-3's defaults as they were.
std::vector<double> run_plain_broadcast(const PlainBroadcast& setting);

}  // namespace telegrad::physics
