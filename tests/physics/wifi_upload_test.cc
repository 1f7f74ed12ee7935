// The Wi-Fi network against a plain ns-3 program of the same settings, with stock applications.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/channels/ns3/traffic.h"
#include "tests/physics/plain_wifi.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kStations = 8;
constexpr std::uint32_t kBytes = 200'000;
constexpr int kSeeds = 10;

double plain_upload_s(int seed, bool be) {
  physics::PlainWifi setting;
  setting.be = be;
  setting.stations = kStations;
  setting.up_bytes = kBytes;
  setting.seed = static_cast<std::uint32_t>(seed);
  const auto times = physics::run_plain_wifi(setting);
  return *std::max_element(times.up_s.begin(), times.up_s.end());
}

double our_upload_s(int seed, bool be) {
  Records records;
  Traffic traffic;
  traffic.workers = kStations;
  traffic.up = blocks_of(kBytes, 64 * 1024);
  traffic.down = {100};
  const std::string standard = be ? "802.11be" : "802.11ax";
  run_traffic(
      R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10}, "standard": ")" + standard + "\"}",
      seed, traffic, records);
  SimTime last{};
  for (const auto& record : records.of("up")) last = std::max(last, record.delivered);
  return seconds(last);
}

/// As above, every station held to 2 Mbit/s: by ns-3's own token bucket there, by ours here.
double plain_shaped_s(int seed) {
  physics::PlainWifi setting;
  setting.stations = 4;
  setting.up_bytes = kBytes;
  setting.shaped_mbps = 2;
  setting.seed = static_cast<std::uint32_t>(seed);
  const auto times = physics::run_plain_wifi(setting);
  return *std::max_element(times.up_s.begin(), times.up_s.end());
}

double our_shaped_s(int seed) {
  Records records;
  Traffic traffic;
  traffic.workers = 4;
  traffic.up = blocks_of(kBytes, 64 * 1024);
  traffic.down = {100};
  run_traffic(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10}, "device_rate_mbps": 2})",
              seed, traffic, records);
  SimTime last{};
  for (const auto& record : records.of("up")) last = std::max(last, record.delivered);
  return seconds(last);
}

struct Sample {
  double mean = 0;
  double standard_error = 0;
};

Sample sample_of(double (*measure)(int seed, bool be), bool be) {
  std::vector<double> values;
  for (int seed = 1; seed <= kSeeds; ++seed) values.push_back(measure(seed, be));
  Sample sample;
  for (const double value : values) sample.mean += value / kSeeds;
  double squares = 0;
  for (const double value : values) squares += (value - sample.mean) * (value - sample.mean);
  sample.standard_error = std::sqrt(squares / (kSeeds - 1) / kSeeds);
  return sample;
}

void expect_alike(bool be) {
  const Sample plain = sample_of(plain_upload_s, be);
  const Sample ours = sample_of(our_upload_s, be);
  const double uncertainty = 2 * std::hypot(plain.standard_error, ours.standard_error);
  testing::Test::RecordProperty("plain_s", std::to_string(plain.mean));
  testing::Test::RecordProperty("ours_s", std::to_string(ours.mean));
  EXPECT_NEAR(ours.mean, plain.mean, 0.1 * plain.mean + uncertainty);
}

TEST(WifiPhysics, AnUploadByTcpTakesAsLongAsInAPlainNs3Program) { expect_alike(false); }

TEST(WifiPhysics, SoDoesOneOver80211be) { expect_alike(true); }

TEST(WifiPhysics, AShapedUploadTakesAsLongAsBehindNs3sOwnTokenBucket) {
  for (const int seed : {1, 2}) {
    const double plain = plain_shaped_s(seed);
    EXPECT_NEAR(our_shaped_s(seed), plain, 0.03 * plain);
  }
}

}  // namespace
}  // namespace telegrad
