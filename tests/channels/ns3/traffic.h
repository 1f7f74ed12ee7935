#pragma once

#include <string>
#include <vector>

#include "tests/support/networks_under_test.h"

namespace telegrad::testing_support {

/// What happened, by message.
struct Records final : Observer {
  std::vector<MessageRecord> all;
  void message(const MessageRecord& record) override { all.push_back(record); }

  std::vector<MessageRecord> of(const std::string& purpose) const {
    std::vector<MessageRecord> found;
    for (const auto& record : all) {
      if (record.purpose == purpose) found.push_back(record);
    }
    return found;
  }
};

/// Rounds of an upload by every worker and, once all of it has come, a download to every worker.
struct Traffic {
  std::uint32_t workers = 8;
  std::uint32_t rounds = 1;
  std::vector<std::uint32_t> up;    // sizes of the blocks
  std::vector<std::uint32_t> down;  // likewise
  std::uint32_t control = 0;        // bytes beside the payload, upwards
};

inline std::vector<std::uint32_t> blocks_of(std::uint64_t bytes, std::uint32_t limit) {
  std::vector<std::uint32_t> sizes;
  for (; bytes > limit; bytes -= limit) sizes.push_back(limit);
  if (bytes > 0) sizes.push_back(static_cast<std::uint32_t>(bytes));
  return sizes;
}

inline Task<> move_up_and_down(Network& network, Traffic traffic, NodeId worker) {
  const NodeId hub{traffic.workers};
  for (std::uint32_t round = 1; round <= traffic.rounds; ++round) {
    Message message(worker, std::vector<NodeId>(1, hub), Tag{0, round, worker.value},
                    Payload::sized(traffic.up), Block::sized(traffic.control), Leg::up, Label{round, "up"});
    network.post(std::move(message));
    Tag tag{1, round, 0};
    auto delivery = co_await network.receive(worker, tag, kNever, nullptr);
    EXPECT_TRUE(delivery.has_value());
  }
}

inline Task<> serve_traffic(Network& network, Traffic traffic) {
  const NodeId hub{traffic.workers};
  for (std::uint32_t round = 1; round <= traffic.rounds; ++round) {
    for (std::uint32_t rank = 0; rank < traffic.workers; ++rank) {
      Tag tag{0, round, rank};
      auto delivery = co_await network.receive(hub, tag, kNever, nullptr);
      EXPECT_TRUE(delivery.has_value());
    }
    for (std::uint32_t rank = 0; rank < traffic.workers; ++rank) {
      Message message(hub, std::vector<NodeId>(1, NodeId{rank}), Tag{1, round, 0},
                      Payload::sized(traffic.down), Block(), Leg::down, Label{round, "down"});
      network.post(std::move(message));
    }
  }
}

inline void spawn_traffic(Network& network, const Traffic& traffic) {
  for (std::uint32_t rank = 0; rank < traffic.workers; ++rank) {
    network.spawn(NodeId{rank}, move_up_and_down(network, traffic, NodeId{rank}), Role::worker);
  }
  network.spawn(NodeId{traffic.workers}, serve_traffic(network, traffic), Role::service);
}

/// Runs it all; the clock's last reading comes back.
inline SimTime run_traffic(const std::string& json, std::uint64_t seed, const Traffic& traffic,
                           Records& records) {
  auto network = make_network(json, traffic.workers, seed, records);
  spawn_traffic(*network, traffic);
  EXPECT_TRUE(network->run(std::chrono::hours(10)));
  return network->now();
}

}  // namespace telegrad::testing_support
