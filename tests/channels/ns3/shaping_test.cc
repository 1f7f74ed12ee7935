// A Wi-Fi cell whose workers have links of a limited rate.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr auto kTcp = R"({"uplink": {"type": "tcp"}, "downlink": {"type": "tcp"}})";
constexpr auto kDatagrams = R"({"uplink": {"type": "datagram"}, "downlink": {"type": "datagram"}})";

std::string shaped(double rate_mbps, const std::string& transport) {
  return R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 5}, "device_rate_mbps": )" +
         std::to_string(rate_mbps) + R"(, "transport": )" + transport + "}";
}

/// What a shaped link carries in so many seconds: its rate and a full bucket of IP packets, 1448 of 1500 bytes of which
/// are payload.
std::uint64_t carried(double rate_mbps, double seconds) {
  return static_cast<std::uint64_t>((rate_mbps * 1e6 / 8 * seconds + 5000) * 1448 / 1500);
}

std::vector<std::uint32_t> blocks_for(const std::string& transport, std::uint64_t bytes) {
  return blocks_of(bytes, transport == kTcp ? 64 * 1024 : 1456);
}

struct RateCase {
  double rate_mbps;
  std::uint32_t workers;
  double seconds;
};

void PrintTo(const RateCase& what, std::ostream* out) {
  *out << what.workers << " workers at " << what.rate_mbps << " Mbit/s";
}

class ShapedLink : public testing::TestWithParam<RateCase> {};

void expect_all_at_their_rate(const RateCase& what, const std::string& transport) {
  Records records;
  Traffic traffic{.workers = what.workers, .rounds = 1, .up = {}, .down = {}, .control = 0};
  traffic.up = traffic.down = blocks_for(transport, carried(what.rate_mbps, what.seconds));
  run_traffic(shaped(what.rate_mbps, transport), 1, traffic, records);
  ASSERT_EQ(records.all.size(), 2 * what.workers);
  for (const auto& record : records.all) {
    EXPECT_EQ(record.outcome, Outcome::delivered);
    EXPECT_EQ(record.lost_blocks, 0u);
    EXPECT_NEAR(seconds(record.delivered - record.queued), what.seconds, 0.03 * what.seconds)
        << record.purpose;
  }
}

TEST_P(ShapedLink, CarriesItsRateByTcpBothWays) { expect_all_at_their_rate(GetParam(), kTcp); }

TEST_P(ShapedLink, CarriesItsRateByDatagramsBothWaysAndDropsNone) {
  expect_all_at_their_rate(GetParam(), kDatagrams);
}

INSTANTIATE_TEST_SUITE_P(Rates, ShapedLink,
                         testing::Values(RateCase{0.5, 1, 8}, RateCase{2, 1, 4}, RateCase{5, 1, 2},
                                         RateCase{20, 1, 1}, RateCase{2, 4, 2}, RateCase{0.5, 20, 2}));

TEST(Shaping, MoreThanTheAirCarriesIsHeldBackAndNotDropped) {
  Traffic traffic{.workers = 6, .rounds = 1, .up = {}, .down = {}, .control = 0};
  traffic.up = traffic.down = std::vector<std::uint32_t>(600, 1456);
  Records shaped_records, plain;
  const SimTime limited = run_traffic(shaped(60, kDatagrams), 1, traffic, shaped_records);
  for (const auto& record : shaped_records.all) EXPECT_EQ(record.lost_blocks, 0u);
  const SimTime unlimited =
      run_traffic(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 5}, "transport": )" +
                      std::string(kDatagrams) + "}",
                  1, traffic, plain);
  EXPECT_NEAR(seconds(limited), seconds(unlimited), 0.1 * seconds(unlimited));
}

Task<> upload_all(Network& network, NodeId from, NodeId to, std::vector<std::uint32_t> blocks) {
  Message message(from, std::vector<NodeId>(1, to), Tag{0, 1, from.value}, Payload::sized(blocks), Block(),
                  from.value == 0 ? Leg::up : Leg::down, Label{1, from.value == 0 ? "up" : "down"});
  auto receipt = co_await network.send(std::move(message));
  EXPECT_EQ(receipt.outcome, Outcome::delivered);
}

TEST(Shaping, AcknowledgementsDoNotStarveBehindTheOtherDirection) {
  constexpr double kSeconds = 4;
  for (const double rate : {0.5, 2.0, 5.0}) {
    Records records;
    auto network = make_network(shaped(rate, kTcp), 1, 1, records);
    const auto blocks = blocks_for(kTcp, carried(rate, kSeconds));
    network->spawn(NodeId{0}, upload_all(*network, NodeId{0}, NodeId{1}, blocks), Role::worker);
    network->spawn(NodeId{1}, upload_all(*network, NodeId{1}, NodeId{0}, blocks), Role::worker);
    EXPECT_TRUE(network->run(std::chrono::hours(1)));
    for (const auto& record : records.all) {
      EXPECT_LT(seconds(record.delivered), 1.1 * kSeconds) << rate << record.purpose;
    }
  }
}

TEST(Shaping, IsAmongTheFactsOfTheNetwork) {
  Records records;
  auto network = make_network(shaped(2.5, kTcp), 1, 1, records);
  const auto facts = network->facts();
  EXPECT_EQ(facts.device_rate_mbps, 2.5);
  EXPECT_NE(std::find_if(
                facts.assumptions.begin(), facts.assumptions.end(),
                [](const std::string& text) { return text.find("shaped to device_rate_mbps") != text.npos; }),
            facts.assumptions.end());
}

}  // namespace
}  // namespace telegrad
