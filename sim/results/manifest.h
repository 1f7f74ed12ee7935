#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/value.h"

namespace telegrad::results {

inline constexpr int kSchemaVersion = 3;

/// One row of the table `node`; what is not known is absent.
struct NodeRow {
  std::uint32_t node = 0;
  std::string role;         // "worker" or "hub"
  std::optional<double> x;  // m
  std::optional<double> y;
  std::optional<std::uint64_t> samples;
  std::optional<std::vector<std::uint64_t>> label_histogram;
  std::optional<double> speed_factor;
};

/// What is known of a run before its first round.
struct Manifest {
  std::string name;
  Value scenario;                    // resolved
  Value versions = Value::Object{};  // {telegrad, ns3, torch, compiler}
  Value seeds = Value::Object{};     // {training, network}
  std::vector<std::string> assumptions;
  std::vector<std::string> not_modelled;
  std::vector<std::string> warnings;
  std::vector<double> targets;              // accuracies
  std::string target_split = "validation";  // or "test"
  std::uint64_t parameters = 0;
  std::optional<double> phy_rate_mbps;
  bool link_independent = false;  // the models do not depend on the link
  std::vector<NodeRow> nodes;
  std::uint32_t threads = 1;  // of the host
  std::string date;           // of the host, ISO 8601
};

/// How a run ended.
struct Ending {
  std::string status = "done";  // done, failed, interrupted
  std::string reason;           // "max_rounds", "stalled", ...
  std::string detail;           // a sentence; may be empty
  std::string fingerprint;
  double wall_s = 0;                      // host time
  std::vector<std::string> remarks = {};  // what methods have learnt about themselves
  Value sampling = {};  // what became of fast-forward; null where every round was to be simulated
};

/// Now, in UTC: "2026-11-05T12:34:56Z".
std::string host_date();

}  // namespace telegrad::results
