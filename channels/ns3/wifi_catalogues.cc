#include "channels/ns3/wifi_catalogues.h"

namespace telegrad::channels {

namespace {

Catalogue rates() {
  return {
      "rates",
      "how a Wi-Fi sender chooses its rate",
      {{.name = "constant",
        .summary = "one modulation and coding scheme for all data",
        .source = "IEEE 802.11ax-2021",
        .parameters =
            {integer("mcs", "modulation and coding scheme; n: 0 to 7, ac: 0 to 9, ax: 0 to 11, be: 0 to 13")
                 .in(0, 13)
                 .otherwise(7)},
        .example = R"({"type": "constant", "mcs": 7})"},
       {.name = "ideal",
        .summary = "the fastest rate that the last signal-to-noise ratio allows; nothing is probed",
        .source = "ns-3 IdealWifiManager",
        .parameters = {},
        .example = R"({"type": "ideal"})"},
       {.name = "thompson_sampling",
        .summary = "rates are tried by what is known of their success",
        .source = "Krotov, Kiryanov, Khorov 2020",
        .parameters = {},
        .example = R"({"type": "thompson_sampling"})"}}};
}

Catalogue placements() {
  const auto radius = real("radius_m", "from the access point").above(0).measured_in("m").otherwise(10.0);
  return {"placements",
          "where the workers stand; the access point is at the origin",
          {{.name = "disc",
            .summary = "uniform on the area of a disc, from the network's seed",
            .source = "",
            .parameters = {radius},
            .example = R"({"type": "disc", "radius_m": 10})"},
           {.name = "ring",
            .summary = "evenly on a circle",
            .source = "",
            .parameters = {radius},
            .example = R"({"type": "ring", "radius_m": 20})"},
           {.name = "positions",
            .summary = "at given places, one for each worker",
            .source = "",
            .parameters = {points("positions_m", "[x, y] of each worker, by rank").of_length(1, 65536)},
            .example = R"({"type": "positions", "positions_m": [[5, 0], [0, 12.5]]})"}}};
}

Catalogue fadings() {
  return {"fadings",
          "what happens to a signal beside the loss over its distance",
          {{.name = "none",
            .summary = "loss depends on distance alone",
            .source = "",
            .parameters = {},
            .example = R"({"type": "none"})"},
           {.name = "nakagami",
            .summary = "fast fading, drawn anew for each frame and receiver; m = 1 is Rayleigh",
            .source = "Nakagami 1960",
            .parameters = {real("m", "shape; larger fades less").in(0.5, 100).otherwise(1.0)},
            .example = R"({"type": "nakagami", "m": 1})"}}};
}

Catalogue transports() {
  return {"transports",
          "how the bytes of one direction travel",
          {{.name = "tcp",
            .summary = "persistent connections: slow rather than lossy",
            .source = "RFC 9293",
            .parameters = {},
            .example = R"({"type": "tcp"})"},
           {.name = "datagram",
            .summary = "a UDP datagram for each block: a datagram lost on the air is a lost block",
            .source = "RFC 768",
            .parameters = {},
            .example = R"({"type": "datagram"})"},
           {.name = "broadcast",
            .summary = "down only: one frame for each block for all workers, at one rate, never sent again",
            .source = "IEEE 802.11-2020, 10.6.5.3 and 10.23",
            .parameters = {integer("mcs", "modulation and coding scheme of those frames, as that of a rate")
                               .in(0, 13)
                               .otherwise(4)},
            .example = R"({"type": "broadcast", "mcs": 4})"}}};
}

}  // namespace

void add_wifi_catalogues(Catalogues& catalogues) {
  catalogues.add(rates());
  catalogues.add(placements());
  catalogues.add(fadings());
  catalogues.add(transports());
}

Rate rate_of(const Value& resolved) {
  const auto& type = resolved["type"].text();
  if (type == "ideal") return {RateControl::ideal, 0};
  if (type == "thompson_sampling") return {RateControl::thompson_sampling, 0};
  return {RateControl::constant, static_cast<int>(resolved["mcs"].integer())};
}

std::vector<Position> placement_of(const Value& resolved, std::uint32_t stations, std::uint64_t seed) {
  const auto& type = resolved["type"].text();
  if (type == "disc") return disc(stations, resolved["radius_m"].number(), seed);
  if (type == "ring") return ring(stations, resolved["radius_m"].number());
  std::vector<Position> positions;
  for (const auto& point : resolved["positions_m"].items()) {
    positions.push_back({point.items()[0].number(), point.items()[1].number()});
  }
  return positions;
}

std::optional<double> nakagami_of(const Value& resolved) {
  if (resolved["type"].text() == "none") return std::nullopt;
  return resolved["m"].number();
}

TransportKind transport_of(const Value& resolved) {
  const auto& type = resolved["type"].text();
  if (type == "broadcast") return TransportKind::broadcast;
  return type == "tcp" ? TransportKind::tcp : TransportKind::datagram;
}

}  // namespace telegrad::channels
