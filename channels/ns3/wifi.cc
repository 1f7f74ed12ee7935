// The network `wifi`: what a scenario can say of it, and how that becomes a cell.

#include "channels/networks.h"
#include "channels/ns3/attributes.h"
#include "channels/ns3/outputs.h"
#include "channels/ns3/wifi_catalogues.h"
#include "channels/ns3/wifi_network.h"
#include "channels/sampling.h"

namespace telegrad::channels {

namespace {

constexpr auto kTcp = R"({"type": "tcp"})";

Radio radio_of(const Value& resolved) {
  return {standard_of(resolved["standard"].text()), resolved["band_ghz"].number(),
          static_cast<int>(resolved["channel_width_mhz"].integer()),
          static_cast<int>(resolved["guard_interval_ns"].integer())};
}

Table parameters() {
  const Table directions{
      typed("uplink", "transports", "workers to server; what goes to be folded").otherwise_json(kTcp),
      typed("downlink", "transports", "server to workers; results, whoever passes them on")
          .otherwise_json(kTcp)};
  return {
      choice("mode", {"infrastructure", "ad_hoc"},
             "workers talk through the access point, which is the server, or directly with one another")
          .otherwise("infrastructure"),
      choice("standard", {"802.11n", "802.11ac", "802.11ax", "802.11be"}, "generation of Wi-Fi")
          .otherwise("802.11ax"),
      real("band_ghz", "2.4, 5 or 6").in(2.4, 6).measured_in("GHz").otherwise(5.0),
      integer("channel_width_mhz", "20, 40, 80 or 160").in(20, 160).measured_in("MHz").otherwise(20),
      integer("guard_interval_ns", "n and ac: 400 or 800, ax and be: 800, 1600 or 3200")
          .in(400, 3200)
          .measured_in("ns")
          .otherwise(800),
      typed("rate", "rates", "how senders choose their rate")
          .otherwise_json(R"({"type": "constant", "mcs": 7})"),
      typed("placement", "placements", "where the workers stand")
          .otherwise_json(R"({"type": "disc", "radius_m": 10})"),
      typed("fading", "fadings", "loss beside that over the distance").otherwise_json(R"({"type": "none"})"),
      integer("frame_retry_limit", "transmissions of a frame before it is given up")
          .in(1, 65535)
          .otherwise(7),
      boolean(
          "retry_count_under_block_ack",
          "the limit counts for frames under block acknowledgement too; without it, as since 802.11-2020, "
          "fading costs time but no data")
          .otherwise(false),
      real("device_rate_mbps",
           "limit of each worker's link, each way, as tc sets it; left out: the air alone")
          .in(0.001, 1e6)
          .measured_in("Mbit/s")
          .optional(),
      object("transport", directions, "how bytes travel").otherwise_json("{}"),
      map("ns3_attributes", "defaults of ns-3's own attributes, \"ns3::Class::Attribute\": value")
          .otherwise_json("{}"),
      outputs_parameter(),
      sampling_parameter(),
  };
}

void check_broadcast(const Value& resolved, std::vector<Problem>& problems) {
  const auto problem = [&](const char* at, const char* message, const char* remedy) {
    problems.push_back({at, 0, 0, message, remedy});
  };
  const Value& transport = resolved["transport"];
  if (transport["uplink"]["type"].text() == "broadcast") {
    problem("/transport/uplink/type", "each worker sends to the server alone: nothing to broadcast",
            "take 'tcp' or 'datagram'");
  }
  if (transport["downlink"]["type"].text() != "broadcast") return;
  if (resolved.find("device_rate_mbps") != nullptr) {
    problem("/device_rate_mbps", "limits a link to each worker, and a broadcast has none",
            "leave it out, or let the down-link be 'tcp' or 'datagram'");
  }
  if (resolved["ns3_attributes"].find("ns3::WifiRemoteStationManager::NonUnicastMode") != nullptr) {
    problem("/ns3_attributes", "ns3::WifiRemoteStationManager::NonUnicastMode is the rate of the broadcasts",
            "set /network/transport/downlink/mcs instead");
  }
  const Rate rate{RateControl::constant, static_cast<int>(transport["downlink"]["mcs"].integer())};
  for (Problem& found : check_radio(radio_of(resolved), rate)) {
    if (found.pointer != "/rate/mcs") continue;
    found.pointer = "/transport/downlink/mcs";
    problems.push_back(std::move(found));
  }
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  const double band = resolved["band_ghz"].number();
  if (band != 2.4 && band != 5 && band != 6) {
    Problem problem;
    problem.pointer = "/band_ghz";
    problem.message = "expected 2.4, 5 or 6";
    problems.push_back(std::move(problem));
    return;
  }
  const auto add = [&](std::vector<Problem> found, const std::string& at) {
    for (auto& problem : found) {
      problem.pointer.insert(0, at);
      problems.push_back(std::move(problem));
    }
  };
  add(check_radio(radio_of(resolved), rate_of(resolved["rate"])), "");
  check_broadcast(resolved, problems);
  add(check_attributes(resolved["ns3_attributes"], owned_wifi_attributes()), "/ns3_attributes");
}

std::unique_ptr<Network> make(const Value& resolved, const NetworkContext& context) {
  WifiSettings settings;
  settings.radio = radio_of(resolved);
  if (resolved["mode"].text() == "ad_hoc") settings.mode = CellMode::ad_hoc;
  settings.rate = rate_of(resolved["rate"]);
  settings.stations = placement_of(resolved["placement"], context.workers, context.seed);
  if (settings.stations.size() != context.workers) {
    Problem problem;
    problem.pointer = "/network/placement/positions_m";
    problem.message = std::to_string(settings.stations.size()) + " places for " +
                      std::to_string(context.workers) + " workers";
    throw ScenarioError("", {problem});
  }
  settings.nakagami_m = nakagami_of(resolved["fading"]);
  settings.frame_retry_limit = static_cast<int>(resolved["frame_retry_limit"].integer());
  settings.retry_count_under_block_ack = resolved["retry_count_under_block_ack"].boolean();
  if (const Value* rate = resolved.find("device_rate_mbps")) settings.device_rate_mbps = rate->number();
  settings.uplink = transport_of(resolved["transport"]["uplink"]);
  settings.downlink = transport_of(resolved["transport"]["downlink"]);
  if (settings.downlink == TransportKind::broadcast) {
    settings.broadcast_mcs = static_cast<int>(resolved["transport"]["downlink"]["mcs"].integer());
  }
  settings.outputs = outputs_of(resolved);
  settings.attributes = attribute_texts(resolved["ns3_attributes"]);
  settings.seed = context.seed;
  return std::make_unique<WifiNetwork>(settings, *context.observer);
}

}  // namespace

NetworkEntry wifi() {
  return {{.name = "wifi",
           .summary = "a Wi-Fi cell simulated packet by packet in ns-3; the server is the access point",
           .source = "ns-3 3.44",
           .parameters = parameters(),
           .example = R"({"type": "wifi", "standard": "802.11ax", "band_ghz": 5, "channel_width_mhz": 20,
                         "placement": {"type": "ring", "radius_m": 10},
                         "transport": {"uplink": {"type": "datagram"}},
                         "ns3_attributes": {"ns3::LogDistancePropagationLossModel::Exponent": 3.2}})",
           .check = check},
          make};
}

}  // namespace telegrad::channels
