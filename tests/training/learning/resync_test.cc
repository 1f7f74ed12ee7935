#include "training/learning/resync.h"

#include <ATen/ops/div.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mul.h>
#include <gtest/gtest.h>

#include <cmath>

namespace telegrad::training {
namespace {

at::Tensor floats(float first) {
  at::Tensor values = at::empty({1000}, at::kFloat);
  for (int i = 0; i < 1000; ++i)
    values.mutable_data_ptr<float>()[i] = first * std::pow(1.01F, static_cast<float>(i));
  return values;
}

Replica whole() {
  Replica replica{.identity = 7, .parameters = floats(0.1F), .velocity = floats(-1e-20F)};
  replica.squares = floats(3e10F);
  replica.steps = 12;
  replica.average = floats(1.0F).to(at::kDouble).div(3.0);
  return replica;
}

/// Of a replica that went another way.
Replica other() {
  Replica replica = whole();
  replica.identity = 8;
  for (at::Tensor* values : {&replica.parameters, &replica.velocity, &replica.squares, &replica.average}) {
    *values = values->mul(2);
  }
  return replica;
}

TEST(ResyncedReplica, HasEveryBitOfWhatWasPacked) {
  const Replica sent = whole();
  const Replica got = unpack_replica(pack_replica(sent, Cut{.limit = 500}), other());
  EXPECT_TRUE(got.parameters.equal(sent.parameters));
  EXPECT_TRUE(got.velocity.equal(sent.velocity));
  EXPECT_TRUE(got.squares.equal(sent.squares));
  EXPECT_EQ(got.steps, sent.steps);
  for (int i = 0; i < 1000; ++i) {
    const double mean = sent.average.const_data_ptr<double>()[i];
    EXPECT_NEAR(got.average.const_data_ptr<double>()[i], mean, std::ldexp(std::fabs(mean), -47)) << i;
  }
}

TEST(ResyncedReplica, TheSenderTakesTheSameAsAllOthers) {
  const Replica sent = whole();
  const Payload payload = pack_replica(sent, Cut{});
  const Replica own = unpack_replica(payload, sent);
  const Replica theirs = unpack_replica(payload, other());
  EXPECT_EQ(own.identity, theirs.identity);
  EXPECT_EQ(own.identity, payload.identity());
  EXPECT_TRUE(own.average.equal(theirs.average));
}

TEST(ResyncedReplica, CarriesOnlyWhatItsOptimizerRemembers) {
  Replica plain = whole();
  plain.velocity = plain.squares = plain.average = at::Tensor();
  const Payload payload = pack_replica(plain, Cut{});
  EXPECT_LT(payload.bytes(), 4100u);
  EXPECT_GT(pack_replica(whole(), Cut{}).bytes(), 20'000u) << "five vectors";
  const Replica got = unpack_replica(payload, plain);
  EXPECT_TRUE(got.parameters.equal(plain.parameters));
  EXPECT_FALSE(got.velocity.defined() || got.squares.defined() || got.average.defined());
}

}  // namespace
}  // namespace telegrad::training
