#include "training/learning/spread.h"

#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

namespace telegrad::training {
namespace {

std::shared_ptr<const Replica> replica(std::vector<float> values) {
  return std::make_shared<const Replica>(
      Replica{.identity = 1, .parameters = at::tensor(values), .velocity = {}});
}

TEST(Spread, IsTheDistanceFromTheFirstOverItsNorm) {
  const auto first = replica({3, 4});
  const Spread apart = spread({first, replica({3, 4}), replica({3, 9}), replica({3, 4.5})});
  EXPECT_DOUBLE_EQ(apart.largest, 1.0);
  EXPECT_DOUBLE_EQ(apart.mean, (0 + 1.0 + 0.1) / 3);
}

TEST(Spread, SharedReplicasHaveNone) {
  const auto one = replica({1, 2});
  EXPECT_EQ(spread({one, one, one}).largest, 0.0);
  EXPECT_EQ(spread({one}).mean, 0.0);
}

TEST(Spread, ANormOfZeroIsTakenAsOne) {
  EXPECT_DOUBLE_EQ(spread({replica({0, 0}), replica({0, 2})}).largest, 2.0);
}

TEST(Spread, IsTalkedOfOnlyWhereThereIsOne) {
  EXPECT_EQ(in_words({}), "");
  EXPECT_EQ(in_words({{0, 0}, {0, 0}}), "");
  const std::string words = in_words({{0.5, 0.25}, {0.02, 0.01}});
  EXPECT_NE(words.find("1 %"), std::string::npos) << words;
  EXPECT_NE(words.find("the farthest 2 %"), std::string::npos) << words;
  EXPECT_NE(words.find("2 evaluations at most 50 %"), std::string::npos) << words;
}

}  // namespace
}  // namespace telegrad::training
