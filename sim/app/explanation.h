#pragma once

#include <optional>
#include <string>

#include "sim/app/experiment.h"
#include "sim/app/scenario.h"

namespace telegrad::app {

/// Sizes of one worker's message in a steady round.
struct LegBytes {
  double information = 0;  // the literature's bits, in bytes
  double serialised = 0;
};

/// What a run can be expected to take. Absent: nothing bounds it, or it is not modelled.
struct ExpectedCost {
  std::optional<double> rounds;
  std::optional<double> traffic_bytes;    // serialised, all workers, both ways
  std::optional<double> compute_round_s;  // simulated: the slowest worker's gradients
  std::optional<double>
      air_round_s;  // simulated: all bytes at the PHY rate, a worker's at its link's; at least
  std::optional<double> simulated_s;  // at least
  std::optional<double> host_s;       // roughly
};

/// Everything that `explain` says of a scenario, before it runs.
struct Explanation {
  results::Manifest about;
  std::uint32_t workers = 0;
  std::uint32_t taking_part = 0;  // in a round
  double parameters = 0;
  LegBytes up;
  LegBytes down;
  bool has_hub = true;      // else workers fold, and what they send is not one message up and one down
  double copies_down = 1;   // of a hub's result in a round
  double resync_bytes = 0;  // serialised, up and down, of setting all replicas alike once
  std::uint64_t resync_rounds = 0;         // 0: they never are
  double round_bytes = 0;                  // serialised, all messages of a steady round
  std::optional<double> device_rate_mbps;  // of each worker's link, each way, where it is limited
  DeviceProfile device;
  ExpectedCost cost;
  std::string link_dependence;  // empty: the models do not depend on the link
};

Explanation explain(const Value& scenario, const Experiment& experiment);

enum class Detail { given, all };  // settings of the file, or every default too

std::string explanation_page(const Explanation& what, const Scenario& scenario, Detail detail);
Value to_value(const Explanation& what);

}  // namespace telegrad::app
