// A star whose way down loses blocks, or reaches all workers at once.

#include "sim/exchanges/downlink.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/programs/no_fold.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;
using namespace exchanges;

constexpr std::uint32_t kWorkers = 5;
constexpr std::size_t kBlocks = 12;
constexpr Rank kSharer{1};

Block words(const std::string& text) {
  std::vector<std::byte> bytes;
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
  return Block::of(std::move(bytes));
}

std::string text_of(const Block& block) {
  std::string text;
  for (const std::byte byte : block.bytes()) text += static_cast<char>(byte);
  return text;
}

TEST(Letters, EveryWorkerReadsItsOwn) {
  std::vector<Letter> letters;
  letters.emplace_back(Rank{2}, 7u, words("two"));
  letters.emplace_back(Rank{0}, 9u, Block());
  letters.emplace_back(Rank{70}, 1u, words("seventy"));
  const Block control = encode(letters);
  EXPECT_EQ(control.size, 2 + 3 * 8 + 3 + 0 + 7u);
  EXPECT_EQ(text_of(own_letter(control, Rank{2}).value()), "two");
  EXPECT_EQ(own_letter(control, Rank{0}).value().size, 0u);
  EXPECT_EQ(text_of(own_letter(control, Rank{70}).value()), "seventy");
  EXPECT_FALSE(own_letter(control, Rank{1}).has_value());
}

TEST(Letters, AreAsLongAsTheyMustBe) {
  for (const std::size_t length : {65'534u, 65'535u, 65'536u, 200'000u}) {
    const std::string text(length, 'l');
    const Block control = encode({Letter(Rank{2}, 7, words(text)), Letter(Rank{3}, 7, words("short"))});
    EXPECT_EQ(control.size, 2 + 2 * 8 + (length < 65'535 ? 0 : 4) + length + 5);
    EXPECT_EQ(text_of(own_letter(control, Rank{2}).value()), text);
    EXPECT_EQ(text_of(own_letter(control, Rank{3}).value()), "short");
  }
}

TEST(Letters, BytesThatAreNoLettersAreNone) {
  const Block whole = encode({Letter(Rank{2}, 7, words("two")), Letter(Rank{3}, 7, words("three"))});
  for (std::uint32_t size = 0; size < whole.size; ++size) {
    EXPECT_FALSE(own_letter(Block(whole.owner, whole.data, size), Rank{3}).has_value()) << size;
  }
}

/// In each round the hub publishes fresh blocks and then shares some; workers note what they get.
class Witness final : public Training {
 public:
  Witness() {
    for (std::uint32_t i = 0; i < kWorkers; ++i) learners_.push_back(std::make_unique<Worker>(*this));
  }
  const TrainingFacts& facts() const override { return facts_; }
  Learner& learner(Rank rank) override { return *learners_.at(rank.value); }
  Task<> serve(std::uint64_t, Hub& hub) override {
    auto parts = co_await hub.collect();
    hub.publish(fresh(hub.cut(Shape::local).limit));
    Payload shared = fresh(hub.cut(Shape::local).limit);
    co_await hub.share(hub_rank, shared);
    Payload unused;
    co_await hub.share(kSharer, unused);
  }
  std::function<Evaluation()> evaluation(Rank) override {
    return [] { return Evaluation{}; };
  }

  std::map<std::uint64_t, std::set<std::uint64_t>> identities;  // by round, of all that was got
  std::size_t holes = 0;
  std::size_t shared_holes = 0;   // of them in what the hub or a worker shared
  std::size_t shared_blocks = 0;  // of a worker, at all
  std::size_t told = 0;           // a cohort was

 private:
  static Payload fresh(std::uint32_t limit) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < kBlocks; ++i)
      blocks.push_back(words(std::string(std::min(limit, 300u), 'x')));
    return Payload(std::move(blocks));
  }

  class Worker final : public Learner {
   public:
    explicit Worker(Witness& witness) : witness_(witness) {}
    Task<double> step(std::uint64_t round, Exchange& exchange) override {
      Payload mine = fresh(exchange.cut(fold_.shape()).limit);
      auto reduced = co_await exchange.reduce(mine, fold_);
      note(round, reduced.merged);
      witness_.told += reduced.cohort == kWorkers ? 1 : 0;
      Payload nothing;
      auto shared = co_await exchange.share(hub_rank, nothing);
      note(round, shared);
      witness_.shared_holes += shared.holes();
      Payload own = exchange.rank() == kSharer ? fresh(exchange.cut(fold_.shape()).limit) : Payload();
      auto passed_on = co_await exchange.share(kSharer, own);
      if (exchange.rank() != kSharer) note(round, passed_on);
      witness_.shared_holes += passed_on.holes();
      witness_.shared_blocks += passed_on.blocks().size();
      co_return 0.0;
    }

   private:
    void note(std::uint64_t round, const Payload& got) {
      witness_.identities[round].insert(got.identity());
      witness_.holes += got.holes();
    }
    Witness& witness_;
    programs::NoFold fold_;
  };

  TrainingFacts facts_;
  std::vector<std::unique_ptr<Learner>> learners_;
};

struct Messages final : Observer {
  std::map<std::string, std::size_t> count;
  std::map<std::string, std::uint64_t> bytes;
  std::map<std::string, std::uint64_t> control;
  void message(const MessageRecord& record) override {
    ++count[record.purpose];
    if (record.overheard) return;
    bytes[record.purpose] += record.bytes;
    control[record.purpose] += record.control_bytes;
  }
};

constexpr std::uint64_t kRounds = 20;

Ran run(const std::string& network, const std::string& replicas, Witness& witness, Observer& observer) {
  const std::string rounds = replicas == "resync" ? R"(, "resync_rounds": 7)" : "";
  Plan plan{.network = network,
            .exchange = R"({"type": "star", "replicas": ")" + replicas + "\"" + rounds + "}",
            .workers = kWorkers,
            .rounds = kRounds};
  Ran ran = run_synchronous(plan, witness, observer);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, kRounds);
  return ran;
}

constexpr auto kUnicast = R"({"type": "ideal", "block_bytes": 500, "uplink": {"block_loss": 0.1},
                              "downlink": {"block_loss": 0.2}})";
constexpr auto kBroadcast = R"({"type": "ideal", "medium": "shared", "block_bytes": 500,
    "uplink": {"rate_mbps": 8, "block_loss": 0.1},
    "downlink": {"rate_mbps": 8, "block_loss": 0.2, "broadcast": true}})";
constexpr auto kWifi = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 25},
    "fading": {"type": "nakagami", "m": 1}, "frame_retry_limit": 4, "retry_count_under_block_ack": true,
    "transport": {"downlink": {"type": "broadcast", "mcs": 2}}})";

TEST(Replicas, WithRepairEveryWorkerGetsTheSame) {
  for (const char* network : {kUnicast, kBroadcast, kWifi}) {
    Witness witness;
    Messages messages;
    run(network, "repair", witness, messages);
    EXPECT_EQ(witness.holes, 0u) << network;
    EXPECT_EQ(witness.told, kRounds * kWorkers) << network;
    for (const auto& [round, identities] : witness.identities) EXPECT_EQ(identities.size(), 3u) << network;
    EXPECT_GT(messages.count["repair down"], 10u) << network;
    EXPECT_EQ(messages.count["repair down"], messages.count["repair request"]) << network;
    EXPECT_GT(messages.bytes["repair down"], 0u) << "what is sent again is charged";
    EXPECT_GT(messages.control["repair request"], 0u) << "and so is asking for it";
  }
}

TEST(Replicas, LeftToDivergeTheyDo) {
  for (const char* network : {kUnicast, kBroadcast, kWifi}) {
    Witness witness;
    Messages messages;
    run(network, "diverge", witness, messages);
    EXPECT_GT(witness.holes, 20u) << network;
    EXPECT_EQ(messages.count["repair down"], 0u) << network;
    std::size_t apart = 0;
    for (const auto& [round, identities] : witness.identities) apart += identities.size() > 3 ? 1 : 0;
    EXPECT_GT(apart, kRounds / 2) << network;
  }
}

/// So that what is shared can set them alike, whatever else is lost, on the way up too.
TEST(Replicas, WithResyncWhatIsSharedArrivesWholeAndResultsDoNot) {
  for (const char* network : {kUnicast, kBroadcast, kWifi}) {
    Witness witness;
    Messages messages;
    run(network, "resync", witness, messages);
    EXPECT_GT(witness.holes, 10u) << network;
    EXPECT_EQ(witness.shared_holes, 0u) << network;
    EXPECT_EQ(witness.shared_blocks, kRounds * kWorkers * kBlocks) << network;
    EXPECT_EQ(messages.count["repair down"], messages.count["repair request"]) << network;
    EXPECT_GT(messages.bytes["repair down"], 0u) << network;
  }
}

/// By TCP up and by broadcast down blocks may be of other sizes.
TEST(Replicas, WhatAWorkerSharesFitsTheWayDown) {
  Observer nobody;
  auto network = make_network(kWifi, kWorkers, 1, nobody);
  const Devices devices(kWorkers + 1);
  const Host host{*network, devices, nullptr, nobody};
  Catalogues catalogues;
  add_catalogues(catalogues);
  const Value star = resolve_trusted(of_type("star"), catalogues.at("exchanges"), catalogues);
  auto group = exchanges::exchanges().make(star, host, kWorkers);
  const std::uint32_t down = network->limit(NodeId{kWorkers}, NodeId{0}, Leg::down);
  ASSERT_LT(down, network->limit(NodeId{0}, NodeId{kWorkers}, Leg::up));
  EXPECT_EQ(group->at(Rank{0}).cut(Shape::local).limit, down);
  EXPECT_EQ(group->at(Rank{0}).cut(Shape::linear).limit,
            network->limit(NodeId{0}, NodeId{kWorkers}, Leg::up));
  network->drop();
}

TEST(Replicas, WhatAReliableWayDownCarriesIsNeverAskedFor) {
  Witness witness;
  Messages messages;
  run(R"({"type": "ideal", "uplink": {"block_loss": 0.2}})", "repair", witness, messages);
  EXPECT_EQ(messages.count["repair request"], 0u);
}

TEST(Replicas, RepairCostsTheShareThatWasLost) {
  Witness witness;
  Messages messages;
  run(kUnicast, "repair", witness, messages);
  const auto sent = static_cast<double>(messages.bytes["down"] + messages.bytes["share down"]);
  const auto again = static_cast<double>(messages.bytes["repair down"]);
  EXPECT_NEAR(again / sent, 0.2, 0.04);
}

TEST(Broadcast, AResultIsCountedAndSentOnce) {
  Witness witness;
  Messages each;
  Messages once;
  run(R"({"type": "ideal", "medium": "shared", "downlink": {"rate_mbps": 8}})", "repair", witness, each);
  run(R"({"type": "ideal", "medium": "shared", "downlink": {"rate_mbps": 8, "broadcast": true}})", "repair",
      witness, once);
  EXPECT_EQ(each.bytes["down"], kWorkers * once.bytes["down"]);
  EXPECT_EQ(once.bytes["down"], kRounds * kBlocks * 300);
  EXPECT_EQ(once.count["down"], kRounds * kWorkers) << "a record for each receiver";
}

}  // namespace
}  // namespace telegrad
