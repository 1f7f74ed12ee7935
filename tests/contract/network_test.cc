// What every network promises, whatever carries the bytes (sim/core/network.h).

#include <map>
#include <set>

#include "sim/core/errors.h"
#include "tests/support/networks_under_test.h"

namespace telegrad {
namespace {

using namespace testing_support;

constexpr std::uint32_t kWorkers = 3;
constexpr NodeId kHub{kWorkers};
constexpr SimTime kHour = std::chrono::hours(1);

class NetworkContract : public testing::TestWithParam<NetworkCase> {
 protected:
  std::unique_ptr<Network> network(Observer& observer) {
    return make_network(GetParam().json, kWorkers, 1, observer);
  }
  Observer nobody_;
};

/// Counts what comes of what is sent.
struct Ledger : Observer {
  std::map<std::uint64_t, int> receipts;
  std::map<std::pair<NodeId, Tag>, int> deliveries;
  std::size_t messages = 0;
  void message(const MessageRecord& record) override {
    ++messages;
    EXPECT_LE(record.queued, record.delivered);
    if (record.outcome == Outcome::delivered) {
      EXPECT_EQ(record.lost_blocks, 0u);
      EXPECT_LE(record.sent, record.arrived);
      EXPECT_LE(record.arrived, record.delivered);
    }
  }
};

Leg leg_from(NodeId node) { return node == kHub ? Leg::down : Leg::up; }

Payload blocks_for(const Network& network, NodeId from, NodeId to, std::uint32_t count) {
  std::uint32_t size = std::min(network.limit(from, to, leg_from(from)), 1200u);
  return Payload::sized(std::vector<std::uint32_t>(count, size));
}

Task<> send_some(Network& network, NodeId from, NodeId to, std::uint64_t count, Ledger& ledger) {
  for (std::uint64_t i = 0; i < count; ++i) {
    Message message(from, {to}, Tag{0, i, from.value}, blocks_for(network, from, to, 1 + i % 3),
                    Block::sized(9), leg_from(from), Label{i, "up"});
    auto receipt = co_await network.send(std::move(message));
    ++ledger.receipts[from.value << 16 | i];
    EXPECT_EQ(receipt.at, network.now());
  }
}

Task<> receive_all(Network& network, NodeId at, NodeId from, std::uint64_t count, Ledger& ledger) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const Tag tag{0, i, from.value};
    auto delivery = co_await network.receive(at, tag, kNever, nullptr);
    EXPECT_EQ(delivery->from, from);
    EXPECT_EQ(delivery->payload.blocks().size(), 1 + i % 3);
    ++ledger.deliveries[{at, delivery->tag}];
  }
}

TEST_P(NetworkContract, OneReceiptForEachSendAndOneDeliveryForEachReceiver) {
  Ledger ledger;
  auto net = network(ledger);
  constexpr std::uint64_t kCount = 6;
  for (std::uint32_t i = 0; i < kWorkers; ++i) {
    net->spawn(NodeId{i}, send_some(*net, NodeId{i}, kHub, kCount, ledger), Role::worker);
    net->spawn(kHub, receive_all(*net, kHub, NodeId{i}, kCount, ledger), Role::worker);
  }
  net->spawn(kHub, send_some(*net, kHub, NodeId{1}, kCount, ledger), Role::worker);
  net->spawn(NodeId{1}, receive_all(*net, NodeId{1}, kHub, kCount, ledger), Role::worker);
  EXPECT_TRUE(net->run(kHour));
  EXPECT_EQ(ledger.receipts.size(), (kWorkers + 1) * kCount);
  EXPECT_EQ(ledger.deliveries.size(), (kWorkers + 1) * kCount);
  for (const auto& [id, count] : ledger.receipts) EXPECT_EQ(count, 1);
  for (const auto& [id, count] : ledger.deliveries) EXPECT_EQ(count, 1);
  EXPECT_EQ(ledger.messages, (kWorkers + 1) * kCount);
  // Everybody has learnt of the links that it has used.
  const LinkEstimate used = net->link(NodeId{0}, kHub);
  EXPECT_TRUE(used.known());
  EXPECT_GE(used.latency(), 0);
  EXPECT_GE(used.per_byte(), 0);
  EXPECT_FALSE(net->link(kHub, NodeId{2}).known());
}

Task<> send_to_all(Network& network, Receipt& receipt, std::vector<bool>& arrived) {
  std::vector<NodeId> everybody;
  for (std::uint32_t i = 0; i < kWorkers; ++i) everybody.push_back(NodeId{i});
  Message message(kHub, everybody, Tag{0, 1, 2}, blocks_for(network, kHub, NodeId{0}, 2), Block(), Leg::down,
                  Label{1, "down"});
  auto settled = co_await network.send(std::move(message));
  receipt = settled;
  for (bool one : arrived) EXPECT_TRUE(one) << "the receipt of several receivers comes last";
}

Task<> await_one(Network& network, NodeId at, std::vector<bool>& arrived) {
  const Tag tag{0, 1, 2};
  co_await network.receive(at, tag, kNever, nullptr);
  arrived[at.value] = true;
}

TEST_P(NetworkContract, OneSendReachesSeveralReceiversAndHasOneReceipt) {
  auto net = network(nobody_);
  Receipt receipt;
  std::vector<bool> arrived(kWorkers);
  for (std::uint32_t i = 0; i < kWorkers; ++i) {
    net->spawn(NodeId{i}, await_one(*net, NodeId{i}, arrived), Role::worker);
  }
  net->spawn(kHub, send_to_all(*net, receipt, arrived), Role::worker);
  EXPECT_TRUE(net->run(kHour));
  EXPECT_GE(receipt.at, SimTime::zero());
}

Task<> wait_for_nothing(Network& network, NodeId at) {
  auto missing = [] { return std::string("a message that nobody sends"); };
  const Tag tag{0, 99, 9};
  co_await network.receive(at, tag, kNever, missing);
}

TEST_P(NetworkContract, ARunThatCannotGoOnEndsStalledAndNamesWhoWaits) {
  auto net = network(nobody_);
  net->set_patience(std::chrono::seconds(3));
  net->spawn(NodeId{1}, wait_for_nothing(*net, NodeId{1}), Role::worker);
  try {
    net->run(kHour);
    FAIL() << "it ended";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::stalled);
    EXPECT_NE(std::string(error.what()).find("node 1 waits for a message that nobody sends"),
              std::string::npos)
        << error.what();
  }
}

Task<> wait_until(Network& network, NodeId at, SimTime deadline, SimTime& woken) {
  const Tag tag{0, 99, 9};
  auto nothing = co_await network.receive(at, tag, deadline, nullptr);
  EXPECT_FALSE(nothing.has_value());
  woken = network.now();
}

TEST_P(NetworkContract, ADeadlineWakesToTheNanosecond) {
  auto net = network(nobody_);
  SimTime woken{};
  SimTime deadline{1'234'567'891};
  net->spawn(NodeId{0}, wait_until(*net, NodeId{0}, deadline, woken), Role::worker);
  EXPECT_TRUE(net->run(kHour));
  EXPECT_EQ(woken, deadline);
}

struct Thrown {};

Task<> throw_after(Network& network, SimTime time) {
  co_await network.sleep(time);
  throw Thrown{};
}

TEST_P(NetworkContract, AnActorsExceptionComesOutAsItself) {
  auto net = network(nobody_);
  net->spawn(NodeId{0}, throw_after(*net, std::chrono::milliseconds(5)), Role::worker);
  EXPECT_THROW(net->run(kHour), Thrown);
}

Task<> compute_badly(Network& network, Pool* pool) {
  std::function<int()> job = []() -> int { throw Thrown{}; };
  co_await network.compute<int>(pool, job, std::chrono::milliseconds(5));
}

TEST_P(NetworkContract, AHostJobsExceptionComesOutAsItself) {
  Pool pool(2);
  auto net = network(nobody_);
  net->spawn(NodeId{0}, compute_badly(*net, &pool), Role::worker);
  EXPECT_THROW(net->run(kHour), Thrown);
}

struct ThrowingObserver : Observer {
  void message(const MessageRecord&) override { throw Thrown{}; }
};

TEST_P(NetworkContract, AnObserversExceptionComesOutAsItself) {
  ThrowingObserver observer;
  Ledger ledger;
  auto net = network(observer);
  net->spawn(NodeId{0}, send_some(*net, NodeId{0}, kHub, 3, ledger), Role::worker);
  EXPECT_THROW(net->run(kHour), Thrown);
}

Task<> hold(Network& network, NodeId from, std::shared_ptr<int> held) {
  std::uint32_t size = std::min(network.limit(from, kHub, Leg::up), 1000u);
  std::vector<Block> blocks(100, Block(held, reinterpret_cast<const std::byte*>(held.get()), size));
  network.post(
      Message(from, {kHub}, Tag{0, 1, 1}, Payload(std::move(blocks)), Block(), Leg::up, Label{1, "up"}));
  co_await network.sleep(kHour);
}

TEST_P(NetworkContract, ARunDroppedInTheMiddleFreesEverything) {
  auto held = std::make_shared<int>(1);
  {
    auto net = network(nobody_);
    for (std::uint32_t i = 0; i < kWorkers; ++i) {
      net->spawn(NodeId{i}, hold(*net, NodeId{i}, held), Role::worker);
    }
    EXPECT_FALSE(net->run(std::chrono::milliseconds(2)));
    EXPECT_GT(held.use_count(), 1);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(NetworkContract, ARunThatNeverStartedFreesEverything) {
  auto held = std::make_shared<int>(1);
  {
    auto net = network(nobody_);
    net->spawn(NodeId{0}, hold(*net, NodeId{0}, held), Role::worker);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(NetworkContract, FactsAreKnownBeforeItRuns) {
  auto net = network(nobody_);
  EXPECT_EQ(net->now(), SimTime::zero());
  EXPECT_GE(net->limit(NodeId{0}, kHub, Leg::up), 64u);
  EXPECT_FALSE(net->facts().assumptions.empty());
}

INSTANTIATE_TEST_SUITE_P(Every, NetworkContract, testing::ValuesIn(networks_under_test()), case_name);

}  // namespace
}  // namespace telegrad
