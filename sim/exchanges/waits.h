#pragma once

#include <functional>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"

namespace telegrad::exchanges {

using MakeWait = std::function<Wait(const Value& resolved)>;

/// For whom a hub waits before it closes a round: all policies that a scenario can name.
const Registry<MakeWait>& waits();

/// Why a resolved policy never closes a round of so many; empty where it does.
std::string never_closes(const Value& wait, std::uint32_t invited);

}  // namespace telegrad::exchanges
