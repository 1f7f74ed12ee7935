#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "channels/networks.h"
#include "sim/core/fingerprint.h"
#include "sim/core/resolve.h"

namespace telegrad::testing_support {

/// A network as a scenario would name it.
struct NetworkCase {
  std::string name;
  std::string json;
  bool lossy = false;
};

inline void PrintTo(const NetworkCase& network, std::ostream* out) { *out << network.name; }

/// Every registered network by its own example, and the variants that contracts must hold for.
inline std::vector<NetworkCase> networks_under_test() {
  std::vector<NetworkCase> cases;
  for (const auto& entry : channels::networks().entries()) {
    cases.push_back({entry.about.name + "_example", entry.about.example});
  }
  cases.push_back({"ideal_instant", R"({"type": "ideal", "latency_ms": 0})"});
  cases.push_back({"ideal_shared_lossy",
                   R"({"type": "ideal", "latency_ms": 1, "medium": "shared", "block_bytes": 1000,
                       "uplink": {"rate_mbps": 5, "block_loss": 0.2}, "downlink": {"rate_mbps": 20}})",
                   true});
  cases.push_back({"ideal_lossy_both_ways",
                   R"({"type": "ideal", "latency_ms": 1, "block_bytes": 500,
                       "uplink": {"block_loss": 0.3}, "downlink": {"block_loss": 0.2}})",
                   true});
  cases.push_back({"ideal_broadcast",
                   R"({"type": "ideal", "latency_ms": 1, "medium": "shared", "block_bytes": 500,
                       "uplink": {"rate_mbps": 10, "block_loss": 0.2},
                       "downlink": {"rate_mbps": 10, "block_loss": 0.2, "broadcast": true}})",
                   true});
  cases.push_back({"wifi_tcp", R"({"type": "wifi", "standard": "802.11ax", "band_ghz": 5,
                                   "placement": {"type": "disc", "radius_m": 10}})"});
  cases.push_back(
      {"wifi_be",
       R"({"type": "wifi", "standard": "802.11be", "band_ghz": 6, "placement": {"type": "ring", "radius_m": 10}})"});
  cases.push_back({"wifi_ad_hoc",
                   R"({"type": "wifi", "mode": "ad_hoc", "placement": {"type": "ring", "radius_m": 10}})"});
  cases.push_back({"wifi_broadcast",
                   R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 25},
                       "fading": {"type": "nakagami", "m": 1}, "frame_retry_limit": 4,
                       "retry_count_under_block_ack": true,
                       "transport": {"uplink": {"type": "datagram"}, "downlink": {"type": "broadcast", "mcs": 2}}})",
                   true});
  cases.push_back({"wifi_datagram_both_ways",
                   R"({"type": "wifi", "standard": "802.11n", "band_ghz": 2.4,
                       "placement": {"type": "ring", "radius_m": 5},
                       "transport": {"uplink": {"type": "datagram"}, "downlink": {"type": "datagram"}}})"});
  cases.push_back({"wifi_datagram_lossy",
                   R"({"type": "wifi", "standard": "802.11ax", "band_ghz": 5,
                       "placement": {"type": "ring", "radius_m": 25}, "fading": {"type": "nakagami", "m": 1},
                       "frame_retry_limit": 4, "retry_count_under_block_ack": true,
                       "transport": {"uplink": {"type": "datagram"}}})",
                   true});
  cases.push_back({"wifi_shaped", R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10},
                                      "device_rate_mbps": 2, "transport": {"uplink": {"type": "datagram"}}})"});
  cases.push_back({"wifi_shaped_tcp", R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10},
                                          "device_rate_mbps": 5})"});
  cases.push_back({"wired_with_errors",
                   R"({"type": "wired", "rate_mbps": 20, "delay_ms": 2, "packet_error_rate": 0.02})"});
  return cases;
}

/// A fixed tenth of all cases, drawn by name (FNV-1a), for what is too much over every network.
inline bool one_in_ten(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char letter : name) hash = (hash ^ letter) * 0x100000001b3;
  return (hash >> 32) % 10 == 0;
}

inline std::unique_ptr<Network> make_network(const std::string& json, std::uint32_t workers,
                                             std::uint64_t seed, Observer& observer) {
  static const Catalogues catalogues = [] {
    Catalogues all;
    channels::add_catalogues(all);
    return all;
  }();
  Value resolved = resolve_trusted(json, catalogues.at("networks"), catalogues);
  channels::NetworkContext context{.workers = workers, .seed = seed, .observer = &observer};
  return channels::networks().make(resolved, context);
}

inline std::string case_name(const testing::TestParamInfo<NetworkCase>& info) { return info.param.name; }

}  // namespace telegrad::testing_support
