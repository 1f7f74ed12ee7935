// Broadcasts against the closed form of IEEE 802.11, and their losses against a plain ns-3 program.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/channels/ns3/traffic.h"
#include "tests/physics/plain_broadcast.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kBlock = 1456;

/// What one frame takes, in s: 802.11ax-2021, 27.3 and 802.11-2020, 10.23.2; 20 MHz at 5 GHz, one stream, GI 0.8 us.
double frame_s(double data_bits_per_symbol) {
  constexpr double kAifs = 16e-6 + 3 * 9e-6;    // best effort: SIFS and AIFSN = 3 slots
  constexpr double kBackoff = 15.0 / 2 * 9e-6;  // the mean of 0..15 slots: CWmin, never doubled
  constexpr double kPreamble = 44e-6;           // L-STF 8, L-LTF 8, L-SIG 4, RL-SIG 4, SIG-A 8, STF 4, LTF 8
  constexpr double kSymbol = 12.8e-6 + 0.8e-6;
  constexpr double kHeaders = 16 + 8 + 20 + 8 + 26 + 4;  // ours, UDP, IPv4, LLC, QoS MAC, FCS
  const double bits = 16 + 8 * (kBlock + kHeaders) + 6;
  return kAifs + kBackoff + kPreamble + std::ceil(bits / data_bits_per_symbol) * kSymbol;
}

Task<> listen(Network& network, NodeId worker) {
  const Tag tag{0, 1, 0};
  auto delivery = co_await network.receive(worker, tag, kNever, nullptr);
  EXPECT_TRUE(delivery.has_value());
}

/// When the last words of TCP's connections have been said.
Task<> speak(Network& network, Message message) {
  const SimTime pause = std::chrono::seconds(1);
  co_await network.sleep(pause);
  network.post(std::move(message));
}

std::vector<MessageRecord> broadcast(const std::string& json, std::uint32_t workers,
                                     std::uint32_t datagrams) {
  Records records;
  auto network = make_network(json, workers, 1, records);
  Message message(NodeId{workers}, {}, Tag{0, 1, 0},
                  Payload::sized(std::vector<std::uint32_t>(datagrams, kBlock)), Block(), Leg::down,
                  Label{1, "down"});
  for (std::uint32_t i = 0; i < workers; ++i) {
    network->spawn(NodeId{i}, listen(*network, NodeId{i}), Role::worker);
    message.to.push_back(NodeId{i});
  }
  network->spawn(NodeId{workers}, speak(*network, std::move(message)), Role::service);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  return records.all;
}

std::string cell(int mcs, const std::string& more) {
  return R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 3}, "transport": {"downlink": {
             "type": "broadcast", "mcs": )" +
         std::to_string(mcs) + "}}" + more + "}";
}

TEST(BroadcastPhysics, ItTakesTheSumOfItsFramesWhateverTheNumberOfStations) {
  constexpr std::uint32_t kFrames = 400;
  struct Rate {
    int mcs;
    double data_bits_per_symbol;  // 234 tones, bits of a tone, code rate
  };
  for (const Rate& rate :
       {Rate{0, 234 * 1 / 2.0}, Rate{4, 234 * 4 * 3 / 4.0}, Rate{11, 234 * 10 * 5 / 6.0}}) {
    std::vector<double> measured;
    for (const std::uint32_t workers : {2u, 16u}) {
      SimTime last{};
      for (const auto& record : broadcast(cell(rate.mcs, ""), workers, kFrames)) {
        EXPECT_EQ(record.lost_blocks, 0u);
        last = std::max(last, record.arrived - record.queued);
      }
      measured.push_back(seconds(last));
      const double expected = kFrames * frame_s(rate.data_bits_per_symbol);
      EXPECT_NEAR(measured.back(), expected, 0.03 * expected) << "MCS " << rate.mcs << ", " << workers;
      RecordProperty("mcs_" + std::to_string(rate.mcs) + "_ratio",
                     std::to_string(measured.back() / expected));
    }
    EXPECT_NEAR(measured[0], measured[1], 0.02 * measured[0]) << "MCS " << rate.mcs;
  }
}

TEST(BroadcastPhysics, StationsLoseWhatTheyLoseInAPlainNs3Program) {
  constexpr std::uint32_t kFrames = 1500;
  const physics::PlainBroadcast plain{.distances_m = {8, 16, 24}, .mode = "HeMcs7", .datagrams = kFrames};
  const auto expected = physics::run_plain_broadcast(plain);
  const auto records = broadcast(R"({"type": "wifi", "fading": {"type": "nakagami", "m": 1},
      "placement": {"type": "positions", "positions_m": [[8, 0], [16, 0], [24, 0]]},
      "transport": {"downlink": {"type": "broadcast", "mcs": 7}}})",
                                 3, kFrames);
  ASSERT_EQ(records.size(), 3u);
  for (const auto& record : records) {
    const double plain_share = expected[record.to.value];
    const double share = static_cast<double>(record.lost_blocks) / kFrames;
    const double error = std::sqrt(2 * plain_share * (1 - plain_share) / kFrames);  // of the difference
    EXPECT_NEAR(share, plain_share, 4 * error + 0.002) << "station " << record.to.value;
    RecordProperty("lost_" + std::to_string(record.to.value),
                   std::to_string(share) + " against " + std::to_string(plain_share));
  }
  EXPECT_LT(expected[0], expected[2]) << "the farther one loses more";
}

}  // namespace
}  // namespace telegrad
