#pragma once

#include <functional>
#include <memory>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"

namespace telegrad::exchanges {

using MakeExchange =
    std::function<std::unique_ptr<Group>(const Value& resolved, const Host& host, std::uint32_t workers)>;
using ExchangeEntry = Entry<MakeExchange>;

/// All exchanges that a scenario can name.
const Registry<MakeExchange>& exchanges();

}  // namespace telegrad::exchanges
