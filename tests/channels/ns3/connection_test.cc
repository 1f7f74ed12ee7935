// Stations that walk away while they talk.

#include <gtest/gtest.h>

#include "ns3/mobility-model.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace testing_support;

void place(std::uint32_t node, double x) {
  ns3::NodeList::GetNode(node)->GetObject<ns3::MobilityModel>()->SetPosition(ns3::Vector(x, 0, 0));
}

/// Worker 0 is out of reach from 20 ms on, for a while or for good.
Task<> walk(Network& network, SimTime away) {
  co_await network.sleep(std::chrono::milliseconds(20));
  place(0, 3000);
  if (away == kNever) co_return;
  co_await network.sleep(away);
  place(0, 5);
}

Traffic big_rounds() { return {.workers = 2, .rounds = 3, .up = {60'000}, .down = {60'000}, .control = 0}; }

std::unique_ptr<Network> network_with(const std::string& more, Records& records) {
  return make_network(R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 5})" + more + "}", 2, 1,
                      records);
}

// Three retransmissions instead of six: the connection is given up after seconds instead of two minutes.
constexpr auto kSoonGivenUp = R"(, "ns3_attributes": {"ns3::TcpSocket::DataRetries": 3})";

TEST(Connection, AShortAbsenceCostsTimeOnly) {
  Records records;
  auto network = network_with("", records);
  spawn_traffic(*network, big_rounds());
  network->spawn(NodeId{0}, walk(*network, std::chrono::seconds(3)), Role::service);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  EXPECT_EQ(records.all.size(), 12u);
  EXPECT_GT(network->now(), std::chrono::seconds(3));
  EXPECT_LT(network->now(), std::chrono::seconds(12));
}

TEST(Connection, ABrokenOneIsMadeAnewAndDeliversEachMessageOnce) {
  Records records;
  auto network = network_with(kSoonGivenUp, records);
  spawn_traffic(*network, big_rounds());
  network->spawn(NodeId{0}, walk(*network, std::chrono::seconds(30)), Role::service);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  EXPECT_EQ(records.all.size(), 12u);
  EXPECT_GT(network->now(), std::chrono::seconds(30));
  EXPECT_LT(network->now(), std::chrono::seconds(60));
}

TEST(Connection, OneThatCannotBeMadeAnewEndsTheRunAndIsNamed) {
  Records records;
  auto network = network_with(kSoonGivenUp, records);
  spawn_traffic(*network, big_rounds());
  network->spawn(NodeId{0}, walk(*network, kNever), Role::service);
  try {
    network->run(std::chrono::hours(1));
    FAIL() << "worker 0 has gone";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::connection_lost);
    EXPECT_NE(std::string(error.what()).find("worker 0"), std::string::npos) << error.what();
  }
}

TEST(Connection, DatagramsOfAnAbsentStationAreLateOrLostButAreSettled) {
  for (const char* more : {"", R"(, "device_rate_mbps": 4)"}) {
    Records records;
    auto network =
        network_with(R"(, "transport": {"uplink": {"type": "datagram"}})" + std::string(more), records);
    Traffic traffic = big_rounds();
    traffic.up = std::vector<std::uint32_t>(40, 1456);
    spawn_traffic(*network, traffic);
    network->spawn(NodeId{0}, walk(*network, std::chrono::seconds(3)), Role::service);
    EXPECT_TRUE(network->run(std::chrono::hours(1)));
    EXPECT_EQ(records.all.size(), 12u);
    EXPECT_LT(network->now(), std::chrono::seconds(30));
  }
}

TEST(Connection, DatagramsThatAStationDropsBecauseItIsOnItsOwnAreLostAndSettled) {
  // It misses some beacons and knows that it has been left.
  for (const char* more : {"", R"(, "device_rate_mbps": 4)"}) {
    Records records;
    auto network = network_with(R"(, "transport": {"uplink": {"type": "datagram"}},
                                   "ns3_attributes": {"ns3::StaWifiMac::MaxMissedBeacons": 3})" +
                                    std::string(more),
                                records);
    Traffic traffic = big_rounds();
    traffic.rounds = 1;
    traffic.up = std::vector<std::uint32_t>(700, 1456);
    spawn_traffic(*network, traffic);
    network->spawn(NodeId{0}, walk(*network, std::chrono::seconds(3)), Role::service);
    EXPECT_TRUE(network->run(std::chrono::hours(1)));
    EXPECT_EQ(records.all.size(), 4u);
  }
}

}  // namespace
}  // namespace telegrad
