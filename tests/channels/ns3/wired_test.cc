// The wired star: times as computed by hand, and errors that cost time but no data.

#include <gtest/gtest.h>

#include <cmath>

#include "sim/core/json.h"
#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr double kDelay = 50e-6;

std::string wired(double rate_mbps, const std::string& more = "") {
  return R"({"type": "wired", "delay_ms": 0.05, "rate_mbps": )" + std::to_string(rate_mbps) + more + "}";
}

/// Bytes on the wire of a message: its own, 16 and 4 for each block by the transport; in each segment 1448 of them and 54
/// of headers (TCP with time stamps 32, IP 20, PPP 2).
double wire_bytes(std::uint64_t bytes, std::size_t blocks) {
  const double message = static_cast<double>(bytes) + 16 + 4 * static_cast<double>(blocks);
  return message + std::ceil(message / 1448) * 54;
}

struct LinkCase {
  double rate_mbps;
  std::uint32_t workers;
  std::uint64_t bytes;
};

void PrintTo(const LinkCase& what, std::ostream* out) {
  *out << what.workers << " links of " << what.rate_mbps << " Mbit/s";
}

class WiredLink : public testing::TestWithParam<LinkCase> {};

TEST_P(WiredLink, TakesTheTimeOfItsBytesAtItsRateBothWays) {
  const auto& what = GetParam();
  Records records;
  Traffic traffic{.workers = what.workers, .rounds = 2, .up = {}, .down = {}, .control = 0};
  traffic.up = traffic.down = blocks_of(what.bytes, 64 * 1024);
  run_traffic(wired(what.rate_mbps), 1, traffic, records);
  ASSERT_EQ(records.all.size(), 4 * what.workers);
  const double expected = wire_bytes(what.bytes, traffic.up.size()) * 8 / (what.rate_mbps * 1e6) + kDelay;
  for (const auto& record : records.all) {
    if (record.round == 1) continue;  // of slow start
    EXPECT_NEAR(seconds(record.delivered - record.queued), expected, 0.01 * expected) << record.purpose;
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, WiredLink,
                         testing::Values(LinkCase{0.5, 1, 500'000}, LinkCase{100, 1, 5'000'000},
                                         LinkCase{1000, 6, 2'000'000}, LinkCase{25'000, 1, 10'000'000},
                                         LinkCase{25'000, 2, 10'000'000}));

TEST(Wired, AFirstMessageIsSlowOnlyAsLongAsTcpStarts) {
  Records records;
  Traffic traffic{.workers = 1, .rounds = 1, .up = {}, .down = {100}, .control = 0};
  traffic.up = blocks_of(20'000'000, 64 * 1024);
  run_traffic(wired(1000), 1, traffic, records);
  const double expected = wire_bytes(20'000'000, traffic.up.size()) * 8 / 1e9 + kDelay;
  const MessageRecord up = records.of("up").front();
  EXPECT_GT(seconds(up.delivered - up.queued), expected);
  EXPECT_LT(seconds(up.delivered - up.queued), 1.02 * expected);
}

TEST(Wired, ALongLinkIsFilledToo) {
  Records records;
  Traffic traffic{.workers = 1, .rounds = 2, .up = {}, .down = {100}, .control = 0};
  traffic.up = blocks_of(20'000'000, 64 * 1024);
  run_traffic(R"({"type": "wired", "rate_mbps": 1000, "delay_ms": 10, "queue_packets": 10000})", 1, traffic,
              records);
  const double expected = wire_bytes(20'000'000, traffic.up.size()) * 8 / 1e9 + 0.010;
  const MessageRecord up = records.of("up").back();
  EXPECT_NEAR(seconds(up.delivered - up.queued), expected, 0.02 * expected);
}

OnAir on_wire(const std::string& json, std::uint64_t seed, SimTime& end) {
  Records records;
  auto network = make_network(json, 2, seed, records);
  Traffic traffic{.workers = 2, .rounds = 2, .up = {}, .down = {}, .control = 0};
  traffic.up = traffic.down = blocks_of(1'000'000, 64 * 1024);
  spawn_traffic(*network, traffic);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  for (const auto& record : records.all) {
    EXPECT_EQ(record.outcome, Outcome::delivered);
    EXPECT_EQ(record.lost_blocks, 0u);
  }
  end = network->now();
  return *network->on_air();
}

TEST(Wired, PacketErrorsCostTimeAndBytesButNoData) {
  SimTime clean_end, bad_end, other_end;
  const OnAir clean = on_wire(wired(100), 1, clean_end);
  const OnAir bad = on_wire(wired(100, R"(, "packet_error_rate": 0.01)"), 1, bad_end);
  on_wire(wired(100, R"(, "packet_error_rate": 0.01)"), 2, other_end);
  // 2 workers x 2 rounds, and the acknowledgements of the other direction: 52 + 2 bytes for two segments at most.
  const double fresh = 4 * wire_bytes(1'000'000, 16);
  EXPECT_NEAR(static_cast<double>(clean.up), fresh * (1 + 27.0 / 1502), 0.01 * fresh);
  EXPECT_NEAR(static_cast<double>(clean.down), fresh * (1 + 27.0 / 1502), 0.01 * fresh);
  EXPECT_GT(static_cast<double>(bad.up), static_cast<double>(clean.up) + 0.005 * fresh);
  EXPECT_GT(bad_end, clean_end);
  EXPECT_NE(bad_end, other_end);
}

TEST(Wired, AHandshakeThatIsLostIsMadeAnew) {
  Traffic traffic{.workers = 8, .rounds = 1, .up = {5'000}, .down = {5'000}, .control = 0};
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    Records records;
    run_traffic(wired(20, R"(, "packet_error_rate": 0.1)"), seed, traffic, records);
    EXPECT_EQ(records.all.size(), 16u);
  }
}

TEST(Wired, AQueueThatIsTooShortCostsTimeButNoData) {
  SimTime roomy_end, short_end;
  const OnAir roomy = on_wire(wired(100, R"(, "queue_packets": 1000)"), 1, roomy_end);
  const OnAir cramped = on_wire(wired(100, R"(, "queue_packets": 20)"), 1, short_end);
  EXPECT_GT(cramped.up, roomy.up);
  EXPECT_GT(short_end, roomy_end);
}

Task<> send_one(Network& network, NodeId from, NodeId to) {
  Message message(from, std::vector<NodeId>(1, to), Tag{0, 1, 0}, Payload::sized({60'000}), Block(), Leg::up,
                  Label{1, "across"});
  auto receipt = co_await network.send(std::move(message));
  EXPECT_EQ(receipt.outcome, Outcome::delivered);
}

TEST(Wired, WorkersReachEachOtherThroughTheMiddle) {
  Records records;
  auto network = make_network(wired(100), 3, 1, records);
  network->spawn(NodeId{0}, send_one(*network, NodeId{0}, NodeId{2}), Role::worker);
  network->spawn(NodeId{1}, send_one(*network, NodeId{1}, NodeId{0}), Role::worker);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  EXPECT_EQ(records.all.size(), 2u);
  EXPECT_GT(network->on_air()->down, 2 * 60'000u);  // passed on
}

TEST(Wired, AnAttributeThatAParameterSetsIsRefusedWithItsName) {
  Catalogues catalogues;
  channels::add_catalogues(catalogues);
  for (const auto& [attribute, owner] : std::vector<std::pair<std::string, std::string>>{
           {R"("ns3::PointToPointNetDevice::DataRate": "1Mbps")", "/network/rate_mbps"},
           {R"("ns3::PointToPointChannel::Delay": "1ms")", "/network/delay_ms"},
           {R"("ns3::DropTailQueue<Packet>::MaxSize": "10p")", "/network/queue_packets"},
           {R"("ns3::RateErrorModel::ErrorRate": 0.1)", "/network/packet_error_rate"}}) {
    std::vector<Problem> problems;
    resolve_typed(trusted_json(wired(1, R"(, "ns3_attributes": {)" + attribute + "}")),
                  catalogues.at("networks"), catalogues, problems);
    ASSERT_EQ(problems.size(), 1u) << attribute;
    EXPECT_NE(problems.front().message.find(owner), std::string::npos) << problems.front().message;
  }
}

TEST(Wired, AttributesOfTheUserHold) {
  Records records;
  Traffic traffic{.workers = 1, .rounds = 1, .up = {1'000'000}, .down = {100}, .control = 0};
  const SimTime usual = run_traffic(wired(100), 1, traffic, records);
  // Two segments a round trip of 124 us: 190 Mbit/s at most.
  const SimTime small = run_traffic(
      wired(1000, R"(, "ns3_attributes": {"ns3::TcpSocket::RcvBufSize": 2896})"), 1, traffic, records);
  EXPECT_GT(small, usual / 2);
  EXPECT_LT(small, usual);
}

TEST(Wired, TellsItsRate) {
  Records records;
  const auto facts = make_network(wired(25'000), 1, 1, records)->facts();
  EXPECT_TRUE(facts.reliable);
  EXPECT_EQ(facts.device_rate_mbps, 25'000);
  EXPECT_EQ(facts.device_burst_bytes, 0);
}

}  // namespace
}  // namespace telegrad
