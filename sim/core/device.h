#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/operation.h"
#include "sim/core/random.h"
#include "sim/core/types.h"

namespace telegrad {

/// How fast the simulated devices are. An absent rate is not modelled: that work takes no simulated time, and
/// the results say so.
struct DeviceProfile {
  std::string name;
  std::optional<double> flops_per_s;        // sustained, training
  std::optional<double> codec_bytes_per_s;  // read and written by encode, fold, decode, apply
  std::optional<double> active_power_w;
  std::string source;     // where the numbers come from, or "assumed"
  bool measured = false;  // gradients take what they took on the host
};

/// The devices of one run: a profile, a speed factor for each node (2 is twice as fast), and a lognormal jitter
/// with median 1 from a stream for each (node, round).
class Devices {
 public:
  Devices(DeviceProfile profile, std::vector<double> speed_factors, double jitter_sigma, std::uint64_t seed);
  /// Devices that take no time at all.
  explicit Devices(std::size_t nodes);

  const DeviceProfile& profile() const { return profile_; }
  double speed_factor(NodeId node) const { return speed_factors_.at(node.value); }
  bool models(Phase phase) const;
  /// The jitter of one round on one node; draw from it in the order of the work.
  Stream jitter(NodeId node, std::uint64_t round) const;
  /// Simulated duration of work; zero where the phase is not modelled.
  SimTime duration(NodeId node, Phase phase, const Cost& cost, Stream& jitter) const;

 private:
  DeviceProfile profile_;
  std::vector<double> speed_factors_;
  double jitter_sigma_ = 0;
  std::uint64_t seed_ = 0;
};

}  // namespace telegrad
