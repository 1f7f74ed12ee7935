#pragma once

#include <cstdint>
#include <vector>

namespace telegrad::physics {

/// An 802.11ax cell (5 GHz, 20 MHz, HE MCS 7, 800 ns) with the stations on a ring and the server at the access
/// point, written with ns-3's own helpers and stock applications only: the oracle of our network.
struct PlainWifi {
  std::uint32_t stations = 8;
  double radius_m = 10;
  std::uint64_t up_bytes = 200'000;  // per station, BulkSend to the access point
  std::uint64_t down_bytes = 0;  // per station, BulkSend from the access point once all of `up` has arrived
  bool be = false;               // 802.11be with EHT MCS 7 instead
  double shaped_mbps = 0;        // of each station's up-link, by an ns3::TbfQueueDisc; 0: not shaped
  std::uint32_t seed = 1;
};

struct PlainTimes {
  std::vector<double> up_s;    // by station: from the start of the senders to the last byte at the PacketSink
  std::vector<double> down_s;  // likewise; empty without down_bytes
  std::uint64_t events = 0;    // of the ns-3 run
};

/// Needs that no other ns-3 simulation lives in this process, and leaves ns-3's defaults as they were.
PlainTimes run_plain_wifi(const PlainWifi& setting);

}  // namespace telegrad::physics
