#include "sim/results/anatomy.h"

#include <gtest/gtest.h>

#include "sim/results/digester.h"

namespace telegrad::results {
namespace {

constexpr NodeId kHub{2};
constexpr SimTime ms(std::int64_t count) { return std::chrono::milliseconds(count); }

SimTime sum(const Anatomy& parts) {
  return parts.compute + parts.straggler + parts.encode + parts.queueing + parts.air + parts.retransmission +
         parts.closing + parts.downlink + parts.decode;
}

/// Worker 1 computes for 30 ms, worker 0 for 10; 10,000 bytes up by worker 1 in 20 ms, of them 4 queued.
RoundTrace trace() {
  RoundTrace trace;
  auto message = [](NodeId from, NodeId to, SimTime queued, SimTime sent, SimTime arrived,
                    SimTime delivered) {
    MessageRecord record;
    record.from = from;
    record.to = to;
    record.bytes = 9'900;
    record.control_bytes = 100;
    record.queued = queued;
    record.sent = sent;
    record.arrived = arrived;
    record.delivered = delivered;
    return record;
  };
  auto add = [&](const MessageRecord& record) {
    trace.activities.push_back(transfer(record.from, record.to, record.queued, record.sent, record.arrived,
                                        record.delivered, record.to == kHub ? Leg::up : Leg::down));
    if (record.to == kHub) trace.up.push_back(record);
  };
  for (std::uint32_t i : {0u, 1u}) {
    SimTime computed = i == 0 ? ms(10) : ms(30);
    trace.activities.push_back(computation(NodeId{i}, Phase::gradient, ms(0), computed));
    trace.gradients.push_back(computed);
    trace.activities.push_back(computation(NodeId{i}, Phase::encode, computed, computed + ms(2)));
    add(message(NodeId{i}, kHub, computed + ms(2), computed + ms(6), computed + ms(20), computed + ms(22)));
  }
  trace.activities.push_back(computation(kHub, Phase::fold, ms(52), ms(55)));
  for (std::uint32_t i : {0u, 1u}) {
    add(message(kHub, NodeId{i}, ms(55), ms(56), ms(60 + i), ms(61 + i)));
    trace.activities.push_back(computation(NodeId{i}, Phase::decode, ms(61 + i), ms(64 + i)));
  }
  return trace;
}

RoundRecord round_of_65_ms() {
  RoundRecord round;
  round.round = 1;
  round.end = ms(65);
  return round;
}

TEST(Anatomy, PartsSumToTheRound) {
  auto parts = anatomy(trace(), round_of_65_ms(), kHub, std::nullopt);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(sum(*parts), ms(65));
  EXPECT_EQ(parts->compute, ms(10)) << "as long as the median worker's";
  EXPECT_EQ(parts->straggler, ms(20));
  EXPECT_EQ(parts->encode, ms(2 + 3)) << "at the worker and at the hub";
  EXPECT_EQ(parts->queueing, ms(4));
  EXPECT_EQ(parts->air, ms(14)) << "without a known rate all of it";
  EXPECT_EQ(parts->closing, ms(2));
  EXPECT_EQ(parts->downlink, ms(7));
  EXPECT_EQ(parts->decode, ms(3));
}

TEST(Anatomy, AirIsTheBytesAtThePhysRateAndTheRestContentionAndFramesSentAgain) {
  RoundRecord round = round_of_65_ms();
  round.on_air = OnAir{.up = 30'000, .down = 1, .retransmitted_up = 10'000, .retransmitted_down = 0};
  auto parts = anatomy(trace(), round, kHub, 20);  // 10,000 bytes at 20 Mbit/s: 4 ms
  EXPECT_EQ(parts->air, ms(4));
  EXPECT_EQ(parts->retransmission, ms(2)) << "a byte sent again for two sent once";
  EXPECT_EQ(parts->queueing, ms(4 + 14 - 4 - 2));
  EXPECT_EQ(sum(*parts), ms(65));
}

TEST(Anatomy, IsAbsentWhereNoWorkerDidAnything) {
  EXPECT_FALSE(anatomy(RoundTrace{}, round_of_65_ms(), kHub, std::nullopt).has_value());
}

TEST(Digester, GoodputIsPayloadOverTheTimeInWhichAnyMessageWasUnderWay) {
  Digester digester(kHub, std::nullopt);
  MessageRecord record;
  record.from = NodeId{0};
  record.to = kHub;
  record.round = 1;
  record.purpose = "reduce up";
  record.bytes = 1'000'000;
  record.queued = record.sent = ms(0);
  record.arrived = record.delivered = ms(1000);
  digester.message(record);
  record.from = NodeId{1};
  record.queued = record.sent = ms(500);
  record.arrived = record.delivered = ms(2000);
  digester.message(record);
  record.queued = record.sent = ms(8000);
  record.arrived = record.delivered = kNever;  // lost: not under way to anywhere
  digester.message(record);
  RoundRecord round;
  round.round = 1;
  round.end = ms(9000);
  digester.round(round);
  Digest digest = std::move(digester).finish();
  EXPECT_DOUBLE_EQ(*digest.goodput_mbps, 2 * 8.0 / 2);
  EXPECT_EQ(digest.rounds.size(), 1u);
  EXPECT_EQ(digest.rounds[0].legs[0].serialised_bytes, 3'000'000u);
}

TEST(Digester, AMessageThatIsSettledAfterItsRoundStillCounts) {
  Digester digester(kHub, std::nullopt);
  RoundRecord round;
  round.round = 1;
  round.end = ms(10);
  digester.round(round);
  MessageRecord late;
  late.from = kHub;
  late.to = NodeId{0};
  late.round = 1;
  late.purpose = "reduce down";
  late.bytes = 7;
  late.queued = late.sent = ms(1);
  late.arrived = late.delivered = ms(10);
  digester.message(late);
  Evaluation evaluation;
  evaluation.test_accuracy = 0.5;
  digester.evaluated(1, evaluation);
  Digest digest = std::move(digester).finish();
  EXPECT_EQ(digest.rounds[0].legs[1].serialised_bytes, 7u);
  EXPECT_EQ(digest.rounds[0].evaluation.test_accuracy, 0.5);
  EXPECT_EQ(digest.rounds[0].anatomy->downlink, ms(9));
}

TEST(Digester, AMessageThatIsSettledManyRoundsLaterStillCountsInItsOwn) {
  Digester digester(kHub, std::nullopt);
  for (std::uint64_t number = 1; number <= 6; ++number) {
    RoundRecord round;
    round.round = number;
    round.begin = ms(10) * static_cast<std::int64_t>(number - 1);
    round.end = round.begin + ms(10);
    digester.round(round);
    for (std::uint64_t delay = 0; delay < number; ++delay) {
      MessageRecord late;
      late.from = NodeId{1};
      late.to = kHub;
      late.round = number - delay;
      late.purpose = "up";
      late.bytes = delay < 4 ? 64 : 0;
      late.information_bits = 8;
      late.queued = late.sent = ms(1);
      late.arrived = late.delivered = round.end;
      digester.message(late);
      digester.span(NodeId{1}, late.round, Phase::gradient, ms(0), ms(1));
    }
  }
  const Digest digest = std::move(digester).finish();
  ASSERT_EQ(digest.rounds.size(), 6u) << "no round is opened anew";
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(digest.rounds[i].record.round, i + 1);
    EXPECT_EQ(digest.rounds[i].legs[0].serialised_bytes, 64 * std::min<std::size_t>(6 - i, 4)) << i + 1;
    EXPECT_EQ(digest.rounds[i].legs[0].information_bits, 8 * (6 - i)) << i + 1;
  }
}

TEST(Digester, GoodputCountsTheBytesOfABroadcastOnce) {
  Digester digester(kHub, std::nullopt);
  for (std::uint32_t worker = 0; worker < 4; ++worker) {
    MessageRecord record;
    record.from = kHub;
    record.to = NodeId{worker};
    record.round = 1;
    record.purpose = "down";
    record.bytes = 1'000'000;
    record.overheard = worker > 0;
    record.queued = record.sent = ms(0);
    record.arrived = record.delivered = ms(1000);
    digester.message(record);
  }
  EXPECT_DOUBLE_EQ(*std::move(digester).finish().goodput_mbps, 8.0);
}

}  // namespace
}  // namespace telegrad::results
