// A Wi-Fi down-link by broadcast: one frame for all, each station loses its own.

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/core/json.h"
#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace testing_support;

std::string broadcasting(const std::string& more, int mcs = 4) {
  return R"({"type": "wifi", "transport": {"downlink": {"type": "broadcast", "mcs": )" + std::to_string(mcs) +
         "}}" + more + "}";
}

struct Down {
  std::vector<MessageRecord> records;  // by receiver within each round
  OnAir on_air;
};

Task<> listen(Network& network, NodeId worker, std::uint64_t rounds) {
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    const Tag tag{0, round, 0};
    auto delivery = co_await network.receive(worker, tag, kNever, nullptr);
    EXPECT_TRUE(delivery.has_value());
  }
}

Task<> speak(Network& network, std::uint32_t workers, std::uint64_t rounds, std::vector<std::uint32_t> blocks,
             std::uint32_t control) {
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    std::vector<NodeId> all;
    for (std::uint32_t i = 0; i < workers; ++i) all.push_back(NodeId{i});
    Message message(NodeId{workers}, all, Tag{0, round, 0}, Payload::sized(blocks), Block::sized(control),
                    Leg::down, Label{round, "down"});
    co_await network.send(std::move(message));
  }
}

Down broadcast(const std::string& json, std::uint32_t workers, std::uint64_t rounds,
               std::vector<std::uint32_t> blocks, std::uint32_t control = 0, std::uint64_t seed = 1) {
  Records records;
  auto network = make_network(json, workers, seed, records);
  for (std::uint32_t i = 0; i < workers; ++i) {
    network->spawn(NodeId{i}, listen(*network, NodeId{i}, rounds), Role::worker);
  }
  network->spawn(NodeId{workers}, speak(*network, workers, rounds, std::move(blocks), control), Role::worker);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  return {records.all, *network->on_air()};
}

TEST(Broadcast, ItsFramesAreOnTheAirOnce) {
  const std::vector<std::uint32_t> blocks(50, 1400);
  for (const std::uint32_t workers : {2u, 12u}) {
    const Down down = broadcast(broadcasting(""), workers, 1, blocks, 100);
    ASSERT_EQ(down.records.size(), workers);
    std::uint64_t counted = 0;
    for (const auto& record : down.records) {
      EXPECT_EQ(record.outcome, Outcome::delivered);
      EXPECT_LE(record.queued, record.sent);
      EXPECT_LT(record.sent, record.arrived);
      counted += record.overheard ? 0 : record.bytes;
    }
    EXPECT_EQ(counted, 50 * 1400u);
    EXPECT_GT(down.on_air.down, 50 * 1400u);
    EXPECT_LT(down.on_air.down, 50 * 1400u * 5 / 4) << "headers, markers, beacons";
    EXPECT_EQ(down.on_air.retransmitted_down, 0u);
  }
}

TEST(Broadcast, AcknowledgementsOfTheRoundBeforeCollideWithFewFrames) {
  // From the second round on stations acknowledge by TCP that the one before has ended; nothing repeats a frame that collides.
  const Down down = broadcast(broadcasting(""), 4, 10, std::vector<std::uint32_t>(50, 1400), 100);
  std::uint32_t lost = 0;
  for (const auto& record : down.records) {
    EXPECT_EQ(record.round == 1 ? record.lost_blocks : 0u, 0u);
    EXPECT_LE(record.lost_blocks, 5u);
    lost += record.lost_blocks;
  }
  EXPECT_GT(lost, 0u);
}

double lost_share(const Down& down, NodeId at) {
  double blocks = 0;
  double lost = 0;
  for (const auto& record : down.records) {
    if (record.to != at) continue;
    blocks += record.blocks;
    lost += record.lost_blocks;
  }
  return lost / blocks;
}

TEST(Broadcast, UnderFadingTheFartherStationLosesMore) {
  const Down down = broadcast(broadcasting(R"(, "fading": {"type": "nakagami", "m": 1},
                       "placement": {"type": "positions", "positions_m": [[10, 0], [20, 0], [0, 30]]})"),
                              3, 20, std::vector<std::uint32_t>(50, 1400));
  EXPECT_LT(lost_share(down, NodeId{0}), lost_share(down, NodeId{1}));
  EXPECT_LT(lost_share(down, NodeId{1}), lost_share(down, NodeId{2}));
  EXPECT_GT(lost_share(down, NodeId{1}), 0.01);
  EXPECT_LT(lost_share(down, NodeId{2}), 0.9);
  EXPECT_EQ(down.records.size(), 3u * 20u) << "each closes, whatever it has heard";
}

TEST(Broadcast, AFasterRateReachesLessFar) {
  const auto far =
      R"(, "fading": {"type": "nakagami", "m": 1}, "placement": {"type": "ring", "radius_m": 25})";
  const std::vector<std::uint32_t> blocks(50, 1400);
  const double slow = lost_share(broadcast(broadcasting(far, 1), 2, 10, blocks), NodeId{0});
  const double fast = lost_share(broadcast(broadcasting(far, 7), 2, 10, blocks), NodeId{0});
  EXPECT_LT(slow, fast / 2);
}

TEST(Broadcast, ManyControlBytesTakeSeveralDatagramsAndAreLostAsOne) {
  const Down near = broadcast(broadcasting(""), 3, 2, {1000}, 5000);
  for (const auto& record : near.records) EXPECT_EQ(record.outcome, Outcome::delivered);
  EXPECT_GT(near.on_air.down, 2 * 6000u);
}

TEST(Broadcast, AnEmptyMessageArrivesToo) {
  const Down down = broadcast(broadcasting(""), 3, 2, {});
  ASSERT_EQ(down.records.size(), 6u);
  for (const auto& record : down.records) EXPECT_EQ(record.outcome, Outcome::delivered);
}

TEST(Broadcast, RunsRepeatToTheNanosecond) {
  const auto fading =
      R"(, "fading": {"type": "nakagami", "m": 1}, "placement": {"type": "ring", "radius_m": 20})";
  std::vector<SimTime> first;
  std::vector<SimTime> again;
  for (auto* times : {&first, &again}) {
    for (const auto& record : broadcast(broadcasting(fading), 3, 4, {1400, 1400, 30}, 60).records) {
      times->push_back(record.delivered);
    }
  }
  EXPECT_EQ(first, again);
}

std::vector<std::string> mistakes(const std::string& json) {
  Catalogues catalogues;
  channels::add_catalogues(catalogues);
  std::vector<Problem> problems;
  resolve_typed(trusted_json(json), catalogues.at("networks"), catalogues, problems);
  std::vector<std::string> pointers;
  for (const auto& problem : problems) pointers.push_back(problem.pointer);
  return pointers;
}

TEST(Broadcast, WhatCannotBeIsNamed) {
  using Pointers = std::vector<std::string>;
  EXPECT_EQ(mistakes(broadcasting("")), Pointers{});
  EXPECT_EQ(mistakes(R"({"type": "wifi", "transport": {"uplink": {"type": "broadcast"}}})"),
            Pointers{"/transport/uplink/type"});
  EXPECT_EQ(mistakes(broadcasting("", 12)), Pointers{"/transport/downlink/mcs"});
  EXPECT_EQ(mistakes(broadcasting(R"(, "device_rate_mbps": 5)")), Pointers{"/device_rate_mbps"});
  EXPECT_EQ(mistakes(broadcasting(
                R"(, "ns3_attributes": {"ns3::WifiRemoteStationManager::NonUnicastMode": "HeMcs1"})")),
            Pointers{"/ns3_attributes"});
}

TEST(Broadcast, TheNetworkSaysSo) {
  Records records;
  const auto facts = make_network(broadcasting(""), 2, 1, records)->facts();
  EXPECT_TRUE(facts.broadcasts_down);
  EXPECT_FALSE(facts.reliable_down);
  EXPECT_FALSE(facts.reliable);
}

TEST(AdHoc, NobodyInRangeIsUnreachable) {
  Records records;
  auto network = make_network(R"({"type": "wifi", "mode": "ad_hoc", "placement": {"type": "positions",
                                  "positions_m": [[5, 0], [5000, 0]]}})",
                              2, 1, records);
  spawn_traffic(*network, {.workers = 2, .rounds = 1, .up = {100}, .down = {100}, .control = 0});
  try {
    network->run(std::chrono::hours(1));
    FAIL() << "worker 1 is out of range";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::unreachable);
    EXPECT_NE(std::string(error.what()).find("worker 1"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("without routing"), std::string::npos) << error.what();
  }
}

TEST(AdHoc, MessagesArriveBothWays) {
  Records records;
  Traffic traffic{.workers = 3, .rounds = 3, .up = {60'000}, .down = {60'000}, .control = 0};
  run_traffic(R"({"type": "wifi", "mode": "ad_hoc"})", 1, traffic, records);
  ASSERT_EQ(records.all.size(), 18u);
  for (const auto& record : records.all) EXPECT_EQ(record.outcome, Outcome::delivered);
}

}  // namespace
}  // namespace telegrad
