#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/observer.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// How long the messages of one direction took in one round, from handing over to being handed over: a worker's, one
/// after the other where workers pass them on.
struct ProbeLeg {
  std::vector<std::optional<double>> seconds;  // by worker; absent: nothing arrived
  std::uint64_t blocks = 0;
  std::uint64_t lost_blocks = 0;

  std::optional<double> slowest() const;
  std::optional<double> median() const;
};

struct ProbeRound {
  double begin_s = 0;
  double end_s = 0;
  ProbeLeg up;
  ProbeLeg down;
  std::optional<OnAir> on_air;
};

/// What a scenario's network does with `bytes` from every worker to the server and back, or with sums of so many bytes
/// where workers fold, `rounds` times, without training and compute time.
struct ProbeResult {
  std::string exchange;
  std::uint64_t bytes = 0;
  std::optional<double> phy_rate_mbps;
  std::optional<double> device_rate_mbps;  // as in NetworkFacts
  std::vector<ProbeRound> rounds;
};

/// Throws RunError when the network gives up.
ProbeResult probe(const Value& scenario, std::uint64_t bytes, std::uint64_t rounds);

std::string probe_page(const ProbeResult& result);
Value to_value(const ProbeResult& result);

}  // namespace telegrad::app
