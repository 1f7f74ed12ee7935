#include "sim/core/device.h"

#include <cmath>

namespace telegrad {

Devices::Devices(DeviceProfile profile, std::vector<double> speed_factors, double jitter_sigma,
                 std::uint64_t seed)
    : profile_(std::move(profile)), speed_factors_(std::move(speed_factors)), jitter_sigma_(jitter_sigma),
      seed_(seed) {}

Devices::Devices(std::size_t nodes) : speed_factors_(nodes, 1.0) {}

bool Devices::models(Phase phase) const {
  if (phase == Phase::gradient) return profile_.measured || profile_.flops_per_s.has_value();
  return profile_.codec_bytes_per_s.has_value();
}

Stream Devices::jitter(NodeId node, std::uint64_t round) const {
  return Stream({.seed = seed_,
                 .purpose = Purpose::compute_jitter,
                 .node = node.value,
                 .round = static_cast<std::uint32_t>(round)});
}

SimTime Devices::duration(NodeId node, Phase phase, const Cost& cost, Stream& jitter) const {
  if (cost.seconds > 0) return from_seconds(cost.seconds);
  const bool arithmetic = profile_.flops_per_s && (phase == Phase::gradient || cost.flops > 0);
  const bool codec = phase != Phase::gradient && models(phase);
  if (!arithmetic && !codec) return SimTime::zero();
  double nominal = arithmetic ? cost.flops / *profile_.flops_per_s : 0;
  if (codec) nominal += cost.bytes / *profile_.codec_bytes_per_s;
  double factor = jitter_sigma_ > 0 ? std::exp(jitter_sigma_ * jitter.normal()) : 1.0;
  return from_seconds(nominal * factor / speed_factors_.at(node.value));
}

}  // namespace telegrad
