// The ideal network is exact: durations by hand, to the nanosecond.

#include <gtest/gtest.h>

#include "tests/support/networks_under_test.h"

namespace telegrad {
namespace {

using testing_support::make_network;

struct Times : Observer {
  std::vector<MessageRecord> records;
  void message(const MessageRecord& record) override { records.push_back(record); }
};

Task<> send_one(Network& network, NodeId from, NodeId to, std::uint32_t bytes) {
  std::vector<std::uint32_t> sizes(1, bytes);
  Message message(from, std::vector<NodeId>(1, to), Tag{0, 1, from.value}, Payload::sized(sizes), Block(),
                  Leg::up, Label{1, "up"});
  co_await network.send(std::move(message));
}

std::vector<MessageRecord> send_together(const std::string& json, std::uint32_t workers,
                                         std::uint32_t bytes) {
  Times times;
  auto network = make_network(json, workers, 1, times);
  for (std::uint32_t i = 0; i < workers; ++i) {
    network->spawn(NodeId{i}, send_one(*network, NodeId{i}, NodeId{workers}, bytes), Role::worker);
  }
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  return times.records;
}

TEST(Ideal, AMessageTakesItsBitsOverTheRatePlusTheLatency) {
  auto records = send_together(R"({"type": "ideal", "latency_ms": 2, "uplink": {"rate_mbps": 3}})", 2, 1001);
  ASSERT_EQ(records.size(), 2u);
  for (const auto& record : records) {
    EXPECT_EQ(record.sent, SimTime::zero());
    EXPECT_EQ(record.delivered, SimTime(2'669'333 + 2'000'000));  // 8008 bit / 3 Mbit/s = 2,669,333.3 ns
  }
}

TEST(Ideal, ASharedMediumServesOneAfterTheOther) {
  auto records = send_together(
      R"({"type": "ideal", "latency_ms": 1, "medium": "shared", "uplink": {"rate_mbps": 8}})", 3, 1000);
  ASSERT_EQ(records.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(records[i].sent, std::chrono::milliseconds(i));
    EXPECT_EQ(records[i].delivered, std::chrono::milliseconds(i + 2));
  }
}

TEST(Ideal, WithoutARateOnlyLatencyCounts) {
  auto records = send_together(R"({"type": "ideal", "latency_ms": 0.5})", 1, 50'000'000);
  EXPECT_EQ(records.at(0).delivered, std::chrono::microseconds(500));
}

Task<> await_mail(Network& network, NodeId at, Tag tag) {
  co_await network.receive(at, tag, kNever, nullptr);
}

TEST(Ideal, LosesTheStatedShareOfBlocks) {
  Times times;
  auto network = make_network(R"({"type": "ideal", "uplink": {"block_loss": 0.25}})", 1, 5, times);
  Message message(NodeId{0}, {NodeId{1}}, Tag{}, Payload::sized(std::vector<std::uint32_t>(20'000, 100)),
                  Block(), Leg::up, Label{});
  network->post(std::move(message));
  network->spawn(NodeId{1}, await_mail(*network, NodeId{1}, Tag{}), Role::worker);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  ASSERT_EQ(times.records.size(), 1u);
  EXPECT_NEAR(times.records[0].lost_blocks, 5000, 4 * 61.2);  // binomial, 4 standard deviations
  EXPECT_EQ(times.records[0].outcome, Outcome::partial);
}

}  // namespace
}  // namespace telegrad
