#include "sim/core/communication_model.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

constexpr NodeId kHub{2};

MessageKey up(std::uint32_t worker) { return {NodeId{worker}, kHub, 0, "up", 0}; }

SampledRound round_of(double bytes, double work_of_0, double work_of_1) {
  SampledRound round;
  round.messages = {{up(0), {bytes, work_of_0, 0.1, 0.9, 0}}, {up(1), {bytes, work_of_1, 0.1, 0.9, 0}}};
  return round;
}

TEST(CommunicationModel, EqualSizesGiveBackTheRoundThatWasPicked) {
  CommunicationModel model;
  model.add(round_of(1000, 10, 20));
  model.add(round_of(1000, 30, 60));
  EXPECT_DOUBLE_EQ(model.draw(0, up(1), 1000).work, 20);
  EXPECT_DOUBLE_EQ(model.draw(1, up(0), 1000).work, 30);
  EXPECT_EQ(model.slope("up"), 0);
}

TEST(CommunicationModel, AByteCostsWhatTheSameMessageShowedOverTheRounds) {
  CommunicationModel model;
  for (double bytes : {1000.0, 2000.0, 3000.0})
    model.add(round_of(bytes, 50 + 0.1 * bytes, 90 + 0.1 * bytes));
  EXPECT_NEAR(model.slope("up"), 0.1, 1e-12);
  EXPECT_NEAR(model.draw(0, up(1), 2500).work, 90 + 250, 1e-9);
  EXPECT_NEAR(model.expected(round_of(2500, 0, 0)), 140 + 500, 1e-9);
  EXPECT_NEAR(model.deviation(), 0, 1e-9);  // all that differs is explained by the sizes
}

TEST(CommunicationModel, NoiseBetweenNearlyEqualSizesIsNoPrice) {
  CommunicationModel model;
  model.add(round_of(1000, 100, 100));
  model.add(round_of(1001, 150, 150));  // would be 50 ns a byte
  EXPECT_LE(model.slope("up"), 0.13);   // not more than all of the work for all of the bytes
  model.add(round_of(1002, 20, 20));
  EXPECT_EQ(model.slope("up"), 0);
}

TEST(CommunicationModel, CoversASizeUpToATenthBeyondThoseSeen) {
  CommunicationModel model;
  EXPECT_FALSE(model.covers(up(0), 1000));
  model.add(round_of(1000, 1, 1));
  EXPECT_TRUE(model.covers(up(0), 1099));
  EXPECT_FALSE(model.covers(up(0), 1101));
  EXPECT_TRUE(model.covers(up(0), 901));
  EXPECT_FALSE(model.covers(up(0), 899));
  EXPECT_FALSE(model.covers(up(7), 1000));
}

TEST(CommunicationModel, AMessageThatTheRoundLacksComesFromTheNext) {
  CommunicationModel model;
  model.add(round_of(1000, 1, 2));
  SampledRound less = round_of(1000, 3, 4);
  less.messages.erase(up(1));
  model.add(less);
  EXPECT_DOUBLE_EQ(model.draw(1, up(1), 1000).work, 2);
}

}  // namespace
}  // namespace telegrad
