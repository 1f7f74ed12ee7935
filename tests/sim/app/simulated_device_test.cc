#include "sim/app/simulated_device.h"

#include <gtest/gtest.h>

#include "sim/core/device_profiles.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"

namespace telegrad::app {
namespace {

Devices devices(std::string_view text, std::uint64_t seed = 1) {
  std::vector<Problem> problems;
  Value resolved = resolve(trusted_json(text), simulated_device_table(), {}, problems);
  EXPECT_TRUE(problems.empty());
  return make_devices(resolved, 3, seed);
}

TEST(SimulatedDevice, EveryProfileHasASourceAndASummary) {
  EXPECT_GE(device_profiles().size(), 4u);
  for (const NamedProfile& row : device_profiles()) {
    EXPECT_FALSE(row.profile.source.empty()) << row.profile.name;
    EXPECT_FALSE(row.summary.empty()) << row.profile.name;
  }
}

TEST(SimulatedDevice, AnInstantDeviceModelsNothing) {
  Devices instant = devices(R"({"profile": "instant"})");
  EXPECT_FALSE(instant.models(Phase::gradient));
  EXPECT_FALSE(instant.models(Phase::encode));
}

TEST(SimulatedDevice, GivenFactorsAreThoseOfTheWorkersAndTheHubHasOne) {
  Devices given = devices(R"({"speed_factors": [0.5, 1, 2]})");
  EXPECT_EQ(given.speed_factor(NodeId{0}), 0.5);
  EXPECT_EQ(given.speed_factor(NodeId{2}), 2.0);
  EXPECT_EQ(given.speed_factor(NodeId{3}), 1.0);
}

TEST(SimulatedDevice, DrawnFactorsFollowTheSeed) {
  const char* spread = R"({"speed_sigma": 0.5})";
  EXPECT_EQ(devices(spread).speed_factor(NodeId{1}), devices(spread).speed_factor(NodeId{1}));
  EXPECT_NE(devices(spread).speed_factor(NodeId{1}), devices(spread).speed_factor(NodeId{2}));
  EXPECT_NE(devices(spread).speed_factor(NodeId{1}), devices(spread, 2).speed_factor(NodeId{1}));
  EXPECT_EQ(devices(spread).speed_factor(NodeId{3}), 1.0);
}

}  // namespace
}  // namespace telegrad::app
