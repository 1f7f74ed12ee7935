// The Wi-Fi network: what arrives, what is lost, what it costs, and that runs repeat.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr auto kTcp = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10}})";
constexpr auto kDatagrams = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10},
                                "transport": {"uplink": {"type": "datagram"}, "downlink": {"type": "datagram"}}})";
constexpr auto kLossy =
    R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 20}, "frame_retry_limit": 5,
                            "retry_count_under_block_ack": true, "fading": {"type": "nakagami", "m": 1},
                            "transport": {"uplink": {"type": "datagram"}}})";

struct Loss {
  std::uint64_t blocks = 0;
  std::uint64_t lost = 0;
  double share() const { return static_cast<double>(lost) / static_cast<double>(blocks); }
};

Loss loss_of(const std::vector<MessageRecord>& records) {
  Loss loss;
  for (const auto& record : records) {
    loss.blocks += record.blocks;
    loss.lost += record.lost_blocks;
  }
  return loss;
}

Traffic small_rounds(std::uint32_t rounds) {
  Traffic traffic;
  traffic.workers = 3;
  traffic.rounds = rounds;
  traffic.up = {1000, 1456, 30};
  traffic.down = {900};
  return traffic;
}

TEST(Wifi, TcpDeliversEverythingBothWays) {
  Records records;
  Traffic traffic;
  traffic.rounds = 3;
  traffic.up = blocks_of(150'000, 64 * 1024);
  traffic.down = blocks_of(90'000, 64 * 1024);
  run_traffic(kTcp, 1, traffic, records);
  ASSERT_EQ(records.all.size(), 48u);
  for (const auto& record : records.all) {
    EXPECT_EQ(record.outcome, Outcome::delivered);
    EXPECT_EQ(record.lost_blocks, 0u);
    EXPECT_LE(record.queued, record.sent);
    EXPECT_LT(record.sent, record.arrived);
    EXPECT_LE(record.arrived, record.delivered);
  }
}

TEST(Wifi, DatagramsAreNotLostByOurOwnQueues) {
  Records records;
  Traffic traffic;
  traffic.workers = 10;
  traffic.up = std::vector<std::uint32_t>(1000, 1456);
  traffic.down = std::vector<std::uint32_t>(200, 1456);
  run_traffic(kDatagrams, 1, traffic, records);
  const Loss up = loss_of(records.of("up"));
  EXPECT_EQ(up.blocks, 10'000u);
  EXPECT_EQ(up.lost, 0u);
  EXPECT_EQ(loss_of(records.of("down")).lost, 0u);
}

TEST(Wifi, FadingWithARetryLimitLosesSomeBlocks) {
  Records records;
  Traffic traffic;
  traffic.rounds = 40;
  traffic.up = std::vector<std::uint32_t>(6, 1456);
  traffic.down = {1000};
  traffic.control = 24;
  run_traffic(kLossy, 1, traffic, records);
  const double share = loss_of(records.of("up")).share();
  EXPECT_GT(share, 0.01);
  EXPECT_LT(share, 0.10);
  EXPECT_EQ(records.all.size(), 2u * 8u * 40u);
  // A lost marker costs some tens of milliseconds, not seconds.
  for (const auto& record : records.of("up"))
    EXPECT_LT(record.delivered - record.queued, std::chrono::seconds(1));
}

TEST(Wifi, WithoutThatLimitFadingCostsTimeButNoData) {
  Records records;
  Traffic traffic;
  traffic.rounds = 5;
  traffic.up = std::vector<std::uint32_t>(6, 1456);
  traffic.down = {1000};
  run_traffic(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 20},
                  "fading": {"type": "nakagami", "m": 1}, "transport": {"uplink": {"type": "datagram"}}})",
              1, traffic, records);
  EXPECT_EQ(loss_of(records.of("up")).lost, 0u);
}

TEST(Wifi, ACellThatLosesAQuarterOfItsBlocksStillComesUp) {
  Records records;
  Traffic traffic;
  traffic.rounds = 2;
  traffic.up = std::vector<std::uint32_t>(5, 1200);
  traffic.down = {1000};
  run_traffic(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 30}, "frame_retry_limit": 4,
                  "retry_count_under_block_ack": true, "fading": {"type": "nakagami", "m": 1},
                  "transport": {"uplink": {"type": "datagram"}}})",
              1, traffic, records);
  EXPECT_EQ(records.all.size(), 2u * 8u * 2u);
  EXPECT_GT(loss_of(records.of("up")).share(), 0.1);
}

TEST(Wifi, AnEmptyPayloadArrivesToo) {
  for (const char* network : {kTcp, kDatagrams}) {
    Records records;
    Traffic traffic;
    traffic.workers = 2;
    run_traffic(network, 1, traffic, records);
    ASSERT_EQ(records.all.size(), 4u);
    for (const auto& record : records.all) EXPECT_EQ(record.outcome, Outcome::delivered);
  }
}

TEST(Wifi, RunsRepeatToTheNanosecondWhateverRanBefore) {
  std::vector<SimTime> first, again;
  const auto traffic = small_rounds(4);
  for (auto* times : {&first, &again}) {
    Records records;
    run_traffic(kLossy, 7, traffic, records);
    for (const auto& record : records.all) times->push_back(record.delivered);
    Records others;
    run_traffic(R"({"type": "wifi", "standard": "802.11n", "band_ghz": 2.4, "rate": {"type": "ideal"},
                    "ns3_attributes": {"ns3::LogDistancePropagationLossModel::Exponent": 2.5}})",
                3, small_rounds(2), others);
  }
  EXPECT_EQ(first, again);
}

TEST(Wifi, AnotherSeedGivesOtherTimes) {
  const auto traffic = small_rounds(4);
  Records one, two;
  EXPECT_NE(run_traffic(kLossy, 1, traffic, one), run_traffic(kLossy, 2, traffic, two));
}

TEST(Wifi, ARunThatIsDroppedInTheMiddleLeavesNothingBehind) {
  const auto traffic = small_rounds(4);
  Records before;
  const SimTime end = run_traffic(kDatagrams, 1, traffic, before);
  for (const char* network : {kTcp, kDatagrams, kLossy}) {
    Records records;
    auto dropped = make_network(network, traffic.workers, 1, records);
    spawn_traffic(*dropped, traffic);
    EXPECT_FALSE(dropped->run(std::chrono::microseconds(1500)));
    EXPECT_EQ(dropped->now(), std::chrono::microseconds(1500));
  }
  Records after;
  EXPECT_EQ(run_traffic(kDatagrams, 1, traffic, after), end);
}

TEST(Wifi, ANetworkThatNeverRunsGoesQuietly) {
  Records records;
  auto network = make_network(kDatagrams, 4, 1, records);
  spawn_traffic(*network, small_rounds(1));
}

TEST(Wifi, NobodyInRangeIsUnreachableAndNamesTheWorkers) {
  Records records;
  auto network = make_network(R"({"type": "wifi", "placement": {"type": "positions",
                                  "positions_m": [[5, 0], [5000, 0]]}})",
                              2, 1, records);
  spawn_traffic(*network, {.workers = 2, .rounds = 1, .up = {100}, .down = {100}, .control = 0});
  try {
    network->run(std::chrono::hours(1));
    FAIL() << "worker 1 is out of range";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::unreachable);
    EXPECT_NE(std::string(error.what()).find("worker 1 (5000.0 m away)"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("0 ("), std::string::npos) << error.what();
  }
}

TEST(Wifi, AnExceptionOfAnActorComesOutAsItself) {
  struct Strange {};
  Records records;
  auto network = make_network(kTcp, 2, 1, records);
  auto actor = [](Network& net) -> Task<> {
    co_await net.sleep(std::chrono::milliseconds(5));
    throw Strange();
  };
  network->spawn(NodeId{0}, actor(*network), Role::worker);
  EXPECT_THROW(network->run(std::chrono::hours(1)), Strange);
}

TEST(Wifi, BytesOnTheAirAreMoreThanThoseSent) {
  Records records;
  auto network = make_network(kTcp, 3, 1, records);
  spawn_traffic(*network, {.workers = 3, .rounds = 1, .up = {60'000}, .down = {20'000}, .control = 0});
  EXPECT_EQ(network->on_air()->up, 0u);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  EXPECT_GT(network->on_air()->up, 3 * 60'000u);
  EXPECT_LT(network->on_air()->up, 3 * 60'000u * 3 / 2);
  EXPECT_GT(network->on_air()->down, 3 * 20'000u);
  EXPECT_LT(network->on_air()->down, 3 * 20'000u * 3 / 2);
}

OnAir on_air_of(const std::string& json, std::uint32_t workers) {
  Records records;
  auto network = make_network(json, workers, 1, records);
  Traffic traffic{.workers = workers, .rounds = 4, .up = {}, .down = {}, .control = 0};
  traffic.up = traffic.down = std::vector<std::uint32_t>(40, 1456);
  spawn_traffic(*network, traffic);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  return *network->on_air();
}

TEST(Wifi, OnlyFramesThatAreSentAgainCountAsRetransmitted) {
  const OnAir clean = on_air_of(kDatagrams, 1);  // they do not even meet an acknowledgement of TCP
  EXPECT_GT(clean.up, 4 * 40 * 1456u);
  EXPECT_EQ(clean.retransmitted_up, 0u);
  EXPECT_EQ(clean.retransmitted_down, 0u);
  const OnAir fading = on_air_of(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 30},
                    "fading": {"type": "nakagami", "m": 1},
                    "transport": {"uplink": {"type": "datagram"}, "downlink": {"type": "datagram"}}})",
                                 1);
  EXPECT_GT(fading.retransmitted_up, fading.up / 10);
  EXPECT_GT(fading.retransmitted_down, fading.down / 10);
  // Without those, the same frames are left.
  const auto share = [](std::uint64_t bytes) { return 0.03 * static_cast<double>(bytes); };
  EXPECT_NEAR(static_cast<double>(fading.up - fading.retransmitted_up), static_cast<double>(clean.up),
              share(clean.up));
  EXPECT_NEAR(static_cast<double>(fading.down - fading.retransmitted_down), static_cast<double>(clean.down),
              share(clean.down));
}

TEST(Wifi, TellsItsPhyRateAndWhereItsNodesAre) {
  Records records;
  auto network = make_network(kTcp, 2, 1, records);
  const auto facts = network->facts();
  EXPECT_NEAR(facts.phy_rate_mbps.value(), 86.0, 0.1);  // HE MCS 7, 234 tones, 12.8 + 0.8 us
  ASSERT_EQ(facts.positions.size(), 3u);
  EXPECT_DOUBLE_EQ(facts.positions[0].first, 10);
  EXPECT_DOUBLE_EQ(facts.positions[2].first, 0);
}

}  // namespace
}  // namespace telegrad
