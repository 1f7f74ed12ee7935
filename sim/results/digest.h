#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/observer.h"
#include "sim/core/value.h"
#include "sim/results/anatomy.h"

namespace telegrad::results {

/// What a sweep keeps of one round.
struct RoundDigest {
  struct Leg {
    std::uint64_t information_bits = 0;
    std::uint64_t serialised_bytes = 0;
  };
  RoundRecord record;
  std::array<Leg, 2> legs;  // up, down
  Evaluation evaluation;
  std::optional<Anatomy> anatomy;
};

/// What a sweep keeps of one run: enough for every figure and every target, without messages and spans.
struct Digest {
  // Of the scenario and the binary alone: the same for the same key of the store.
  std::string ended;  // "max_rounds", "max_simulated_s", "accuracy"
  std::string fingerprint;
  std::string link_dependence;  // why the models depend on the link; "" where they do not
  std::uint64_t parameters = 0;
  std::optional<double> phy_rate_mbps;
  std::optional<double> goodput_mbps;       // payload bits over the time in which any message was under way
  std::uint64_t fast_forwarded = 0;         // rounds with drawn messages
  std::optional<double> sampling_interval;  // half width of the 95 % interval of their time, relative to it
  std::vector<std::string> assumptions;
  std::vector<std::string> not_modelled;
  std::vector<std::string> warnings;
  std::vector<RoundDigest> rounds;

  // Of the host that ran it.
  double host_s = 0;
  double host_memory_mb = 0;
};

/// As columns, one list for each quantity of the rounds.
Value to_value(const Digest& digest);
/// Throws RunError(bad_data), naming `name`, for anything that to_value did not make.
Digest digest_of(const Value& value, const std::string& name);

}  // namespace telegrad::results
