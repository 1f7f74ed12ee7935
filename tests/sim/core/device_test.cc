#include "sim/core/device.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

SimTime duration(Phase phase, const Cost& cost, std::optional<double> flops, std::optional<double> codec) {
  DeviceProfile profile{
      .name = "test", .flops_per_s = flops, .codec_bytes_per_s = codec, .active_power_w = {}, .source = ""};
  const Devices devices(profile, {1.0}, 0, 1);
  Stream jitter = devices.jitter(NodeId{0}, 1);
  return devices.duration(NodeId{0}, phase, cost, jitter);
}

TEST(Devices, ChargeArithmeticAndCodecs) {
  const Cost both{.flops = 1e9, .bytes = 1e6};
  EXPECT_EQ(duration(Phase::gradient, both, 1e9, 1e6), from_seconds(1));  // its bytes are the model's own
  EXPECT_EQ(duration(Phase::encode, both, 1e9, 1e6), from_seconds(2));    // an autoencoder does both
  EXPECT_EQ(duration(Phase::encode, both, {}, 1e6), from_seconds(1));
  EXPECT_EQ(duration(Phase::encode, both, 1e9, {}), from_seconds(1));
  EXPECT_EQ(duration(Phase::encode, {.flops = 0, .bytes = 1e6}, 1e9, {}), SimTime::zero());
}

}  // namespace
}  // namespace telegrad
