#pragma once

#include <vector>

#include "channels/ns3/settings.h"
#include "sim/core/registry.h"

namespace telegrad::channels {

/// Adds what the objects within a `wifi` network may be: rates, placements, fadings, transports.
void add_wifi_catalogues(Catalogues& catalogues);

// The settings that a resolved object of one of them describes.
Rate rate_of(const Value& resolved);
std::vector<Position> placement_of(const Value& resolved, std::uint32_t stations, std::uint64_t seed);
std::optional<double> nakagami_of(const Value& resolved);
TransportKind transport_of(const Value& resolved);

}  // namespace telegrad::channels
