#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "channels/ns3/attributes.h"
#include "channels/ns3/output_settings.h"
#include "channels/ns3/placement.h"
#include "channels/ns3/radio.h"

namespace telegrad::channels {

enum class TransportKind { tcp, datagram, broadcast };

/// Whether stations talk through the access point or with one another.
enum class CellMode { infrastructure, ad_hoc };

/// One cell: the server, node N, stands at the origin and is the access point or, in ad hoc mode, one more station;
/// station r is worker r.
struct WifiSettings {
  Radio radio;
  CellMode mode = CellMode::infrastructure;
  Rate rate;
  std::vector<Position> stations;
  std::optional<double> nakagami_m;  // of the fading; without one, loss depends on distance alone
  int frame_retry_limit = 7;
  bool retry_count_under_block_ack = false;  // else frames under block acknowledgement are retried for ever
  std::optional<double> device_rate_mbps;    // each worker's link is shaped to it, each way
  TransportKind uplink = TransportKind::tcp;
  TransportKind downlink = TransportKind::tcp;
  int broadcast_mcs = 0;  // of a down-link by broadcast
  OutputSettings outputs;
  AttributeTexts attributes;  // the user's, checked; they win over ours
  std::uint64_t seed = 1;
};

/// Attributes that parameters of the scenario set, and what to set instead.
const OwnedAttributes& owned_wifi_attributes();

/// All defaults that the cell changes, in order: ours, those of the settings, the user's.
AttributeTexts wifi_attributes(const WifiSettings& settings);

}  // namespace telegrad::channels
