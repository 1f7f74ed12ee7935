#pragma once

#include <functional>
#include <memory>

#include "sim/core/network.h"
#include "sim/core/registry.h"

namespace telegrad::channels {

struct NetworkContext {
  std::uint32_t workers = 1;  // nodes 0..workers-1; the hub is node `workers`
  std::uint64_t seed = 1;     // the scenario's network seed
  Observer* observer = nullptr;
};

using MakeNetwork = std::function<std::unique_ptr<Network>(const Value& resolved, const NetworkContext&)>;
using NetworkEntry = Entry<MakeNetwork>;

/// All networks that a scenario can name.
const Registry<MakeNetwork>& networks();

/// Adds the networks, and the catalogues that only they use (rates, placements, transports).
void add_catalogues(Catalogues& catalogues);

}  // namespace telegrad::channels
