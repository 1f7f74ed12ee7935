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

std::vector<MessageRecord> send_down(const std::string& json, std::uint32_t workers,
                                     std::vector<Delivery>* got) {
  Times times;
  auto network = make_network(json, workers, 1, times);
  const NodeId hub{workers};
  Message message(hub, {}, Tag{0, 1, 2}, Payload::sized({600, 400}), Block(), Leg::down, Label{1, "down"});
  for (std::uint32_t i = 0; i < workers; ++i) {
    message.to.push_back(NodeId{i});
    message.operations.push_back(10 + i);
    auto listen = [](Network& net, NodeId at, Tag tag, std::vector<Delivery>* into) -> Task<> {
      auto delivery = co_await net.receive(at, tag, kNever, nullptr);
      into->push_back(std::move(*delivery));
    };
    network->spawn(NodeId{i}, listen(*network, NodeId{i}, Tag{0, 10 + i, 2}, got), Role::worker);
  }
  network->post(std::move(message));
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  return times.records;
}

TEST(Ideal, ABroadcastTakesTheMediumOnceForAll) {
  const std::string to_each =
      R"({"type": "ideal", "latency_ms": 1, "medium": "shared", "downlink": {"rate_mbps": 8}})";
  const std::string to_all = R"({"type": "ideal", "latency_ms": 1, "medium": "shared",
                                 "downlink": {"rate_mbps": 8, "broadcast": true}})";
  std::vector<Delivery> got;
  std::vector<MessageRecord> each = send_down(to_each, 4, &got);
  EXPECT_EQ(each.back().delivered, std::chrono::milliseconds(4 + 1));
  std::vector<MessageRecord> all = send_down(to_all, 4, &got);
  ASSERT_EQ(all.size(), 4u);
  std::size_t counted = 0;
  for (const auto& record : all) {
    EXPECT_EQ(record.delivered, std::chrono::milliseconds(1 + 1));  // 8000 bit / 8 Mbit/s
    counted += record.overheard ? 0 : record.bytes;
  }
  EXPECT_EQ(counted, 1000u) << "its bytes count once";
  EXPECT_EQ(got.size(), 8u) << "each in the mailbox of its own operation";
}

TEST(Ideal, EachReceiverOfABroadcastLosesBlocksOfItsOwn) {
  Times times;
  auto network = make_network(
      R"({"type": "ideal", "medium": "shared", "downlink": {"block_loss": 0.25, "broadcast": true}})", 2, 5,
      times);
  network->post(Message(NodeId{2}, {NodeId{0}, NodeId{1}}, Tag{},
                        Payload::sized(std::vector<std::uint32_t>(20'000, 100)), Block(), Leg::down,
                        Label{}));
  for (const NodeId at : {NodeId{0}, NodeId{1}}) {
    network->spawn(at, await_mail(*network, at, Tag{}), Role::worker);
  }
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  ASSERT_EQ(times.records.size(), 2u);
  for (const auto& record : times.records) {
    EXPECT_NEAR(record.lost_blocks, 5000, 4 * 61.2);
  }
  EXPECT_NE(times.records[0].lost_blocks, times.records[1].lost_blocks);
}

TEST(Ideal, WhatIsAskedForAgainIsNotLost) {
  Times times;
  auto network = make_network(R"({"type": "ideal", "downlink": {"block_loss": 0.9}})", 1, 5, times);
  network->post(Message(NodeId{1}, {NodeId{0}}, Tag{}, Payload::sized(std::vector<std::uint32_t>(1'000, 100)),
                        Block(), Leg::repair, Label{}));
  network->spawn(NodeId{0}, await_mail(*network, NodeId{0}, Tag{}), Role::worker);
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  EXPECT_EQ(times.records.at(0).outcome, Outcome::delivered);
}

}  // namespace
}  // namespace telegrad
