// What ring and tree send, and in how many steps: the formulas of sim/exchanges/README.md.

#include <cmath>
#include <map>

#include "tests/support/staged_run.h"
#include "tests/support/toy_training.h"

namespace telegrad {
namespace {

using namespace testing_support;
using std::chrono::milliseconds;

/// What each worker sent, without what it shared.
struct Sent final : Observer {
  std::map<std::uint32_t, std::uint64_t> bytes, messages;
  std::uint64_t control = 0;
  SimTime last{};
  void message(const MessageRecord& record) override {
    control += record.control_bytes;
    if (std::string(record.purpose) == "share down" || record.bytes == 0) return;
    bytes[record.from.value] += record.bytes;
    ++messages[record.from.value];
    last = std::max(last, record.delivered);
  }
};

constexpr std::uint64_t kNumbers = 1680;  // a multiple of all N below; 50 to a block

/// One round over links that take 1 ms, whatever is sent.
Sent sent_in_a_round(const std::string& exchange, Shape shape, std::uint32_t workers,
                     const std::string& network = R"({"type": "ideal", "latency_ms": 1})") {
  Sent sent;
  ToyTraining training(workers, shape, kNumbers);
  run_synchronous({.network = network, .exchange = exchange, .workers = workers, .rounds = 1}, training,
                  sent);
  return sent;
}

std::uint64_t bytes_of(std::uint64_t numbers) { return 8 * numbers + 8 * ((numbers + 49) / 50); }

std::uint32_t levels(std::uint32_t workers) {
  return static_cast<std::uint32_t>(std::ceil(std::log2(static_cast<double>(workers))));
}

TEST(Ring, ASumIsScatteredAndGatheredBySlices) {
  for (std::uint32_t n : {2u, 3u, 7u, 8u}) {
    Sent sent = sent_in_a_round(R"({"type": "ring"})", Shape::linear, n);
    for (std::uint32_t i = 0; i < n; ++i) {
      EXPECT_EQ(sent.bytes[i], 2 * (n - 1) * bytes_of(kNumbers / n)) << n << " workers";
      EXPECT_EQ(sent.messages[i], 2 * (n - 1));
    }
    EXPECT_EQ(sent.last, milliseconds(2 * (n - 1)));
    EXPECT_EQ(sent.control, 0u) << "nothing is acknowledged where nothing is lost";
  }
}

TEST(Ring, SlicesThatCannotBeHoppedGoToTheirOwnersAtOnce) {
  for (std::uint32_t n : {2u, 3u, 7u, 8u}) {
    Sent sent = sent_in_a_round(R"({"type": "ring"})", Shape::sliceable, n);
    for (std::uint32_t i = 0; i < n; ++i) {
      EXPECT_EQ(sent.bytes[i], 2 * (n - 1) * bytes_of(kNumbers / n)) << n << " workers";
    }
    EXPECT_EQ(sent.last, milliseconds(1 + (n - 1)));
  }
}

TEST(Ring, OtherPayloadsGoRoundWhole) {
  for (Shape shape : {Shape::associative, Shape::local}) {
    for (std::uint32_t n : {2u, 3u, 7u, 8u}) {
      Sent sent = sent_in_a_round(R"({"type": "ring"})", shape, n);
      for (std::uint32_t i = 0; i < n; ++i) EXPECT_EQ(sent.bytes[i], (n - 1) * bytes_of(kNumbers));
      EXPECT_EQ(sent.last, milliseconds(n - 1));
    }
  }
}

TEST(Tree, EveryWorkerButTheRootSendsOnceUp) {
  for (Shape shape : {Shape::associative, Shape::linear}) {
    for (std::uint32_t n : {2u, 3u, 7u, 8u}) {
      Sent sent = sent_in_a_round(R"({"type": "tree"})", shape, n);
      std::uint64_t all = 0;
      for (std::uint32_t i = 0; i < n; ++i) all += sent.bytes[i];
      EXPECT_EQ(all, 2 * (n - 1) * bytes_of(kNumbers)) << n << " workers";
      EXPECT_EQ(sent.messages[0], levels(n)) << "the root answers its children";
      // Where n is no power of two, no worker may be that far from the root.
      const bool full = (n & (n - 1)) == 0;
      EXPECT_LE(sent.last, milliseconds(2 * levels(n)));
      EXPECT_GE(sent.last, milliseconds(2 * levels(n) - (full ? 0 : 2)));
    }
  }
}

TEST(Ring, OneWorkerSendsNothing) {
  for (const char* exchange : {R"({"type": "ring"})", R"({"type": "tree"})"}) {
    EXPECT_TRUE(sent_in_a_round(exchange, Shape::linear, 1).bytes.empty());
  }
}

/// A message without data, from one worker to another, on each leg.
Task<> send_both_ways(Network& network) {
  for (Leg leg : {Leg::up, Leg::down}) {
    Message message(NodeId{0}, std::vector<NodeId>(1, NodeId{1}), Tag{0, 1, 1},
                    Payload::sized(std::vector<std::uint32_t>(400, 500)), Block(), leg,
                    Label{1, leg == Leg::up ? "part up" : "result down"});
    co_await network.send(std::move(message));
  }
}

// The leg of a message decides, not who sends it.
TEST(Leg, WorkersUseTheTransportOfTheLeg) {
  struct Lost final : Observer {
    std::map<std::string, std::uint32_t> blocks;
    void message(const MessageRecord& record) override { blocks[record.purpose] += record.lost_blocks; }
  };
  for (
      const char* json :
      {R"({"type": "ideal", "uplink": {"block_loss": 0.2}})",
       R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 25}, "fading": {"type": "nakagami", "m": 1},
            "frame_retry_limit": 3, "retry_count_under_block_ack": true,
            "transport": {"uplink": {"type": "datagram"}}})"}) {
    Lost lost;
    auto network = make_network(json, 3, 1, lost);
    network->spawn(NodeId{0}, send_both_ways(*network), Role::worker);
    EXPECT_TRUE(network->run(std::chrono::hours(1)));
    EXPECT_GT(lost.blocks["part up"], 0u) << json;
    EXPECT_EQ(lost.blocks["result down"], 0u) << json;
    EXPECT_TRUE(network->facts().reliable_down && !network->facts().reliable);
  }
}

}  // namespace
}  // namespace telegrad
