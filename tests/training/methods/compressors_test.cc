// What every method promises, by its entry in the registry.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/errors.h"
#include "tests/support/payloads.h"
#include "tests/training/methods/variants.h"
#include "training/methods/feedback.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::three_tensors;

class EveryMethod : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Compressor> method() const { return compressor(GetParam(), tensors_); }
  Layout tensors_ = three_tensors();
};

TEST_P(EveryMethod, EqualInputsMakeEqualBytes) {
  auto first = method();
  auto second = method();
  for (std::uint64_t round = 1; round <= 3; ++round) {
    Payload a = first->encode(normal_gradient(round), Step{.round = round}, Cut{100, 1});
    Payload b = second->encode(normal_gradient(round), Step{.round = round}, Cut{100, 1});
    ASSERT_EQ(a.blocks().size(), b.blocks().size());
    for (std::size_t i = 0; i < a.blocks().size(); ++i) {
      auto x = a.blocks()[i].bytes();
      auto y = b.blocks()[i].bytes();
      EXPECT_TRUE(std::equal(x.begin(), x.end(), y.begin(), y.end()));
    }
  }
}

TEST_P(EveryMethod, TakesVectorsOfAnySize) {
  for (std::int64_t size : {1, 7, 1000, 10001}) {
    Layout one;
    one.add("b", {size}, 0.1);  // the name that a variant gives
    auto encoder = compressor(GetParam(), one);
    auto values = normal_gradient(3, static_cast<std::size_t>(size));
    Payload payload = encoder->encode(values, Step{.round = 1}, Cut{1472, 1});
    for (float value : decoded(payload, *encoder, values.size())) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST_P(EveryMethod, ZerosStayZerosAndExtremesStayFinite) {
  const bool signs = GetParam().find("sign\"") != std::string::npos;  // sign(0) is +1
  std::vector<float> zeros(kSize, 0.0F);
  auto encoder = method();
  auto of_zeros = decoded(encoder->encode(zeros, Step{.round = 1}, Cut{}), *encoder);
  if (!signs) {
    EXPECT_EQ(of_zeros, zeros);
  }
  std::vector<float> one_hot(kSize, 0.0F);
  one_hot[71] = 1e30F;
  std::vector<float> tiny(kSize, 1e-42F);
  tiny[5] = -1e-45F;
  for (const auto& values : {one_hot, tiny, std::vector<float>(kSize, -1e34F)}) {
    auto fresh = method();
    for (float value : decoded(fresh->encode(values, Step{.round = 1}, Cut{}), *fresh)) {
      EXPECT_TRUE(std::isfinite(value));
    }
  }
}

/// A vector of finite entries whose norm no float can hold makes no blocks of infinities.
TEST_P(EveryMethod, NeverSendsWhatIsNotFinite) {
  auto encoder = method();
  try {
    Payload payload = encoder->encode(std::vector<float>(kSize, 3e38F), Step{.round = 1}, Cut{});
    for (float value : decoded(payload, *encoder)) EXPECT_TRUE(std::isfinite(value));
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::not_finite);
  }
}

TEST_P(EveryMethod, RefusesWhatIsNotFiniteAndNamesWorkerTensorAndRound) {
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    auto encoder =
        make_compressor(testing_support::described("methods", GetParam()), NodeContext{tensors_, 5, 8, 1});
    auto values = normal_gradient(1);
    values[71] = bad;
    try {
      (void)encoder->encode(values, Step{.round = 12}, Cut{});
      FAIL();
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::not_finite);
      std::string text = error.what();
      EXPECT_NE(text.find("worker 5"), std::string::npos);
      EXPECT_NE(text.find(" b "), std::string::npos);
      EXPECT_NE(text.find("round 12"), std::string::npos);
    }
  }
}

/// Sum of what was applied + residual = sum of what was put in, also when blocks are lost (A5). What a momentum adds
/// is not put in.
TEST_P(EveryMethod, WithFeedbackAppliedPlusHeldIsWhatWasPutInAlsoUnderLoss) {
  auto encoder = method();
  const auto* feedback = dynamic_cast<const Feedback*>(encoder.get());
  if (feedback == nullptr) GTEST_SKIP() << "no feedback";
  if (!feedback->momentum().empty()) GTEST_SKIP() << "momentum adds to what is put in";
  std::vector<double> applied(kSize, 0.0);
  std::vector<double> put_in(kSize, 0.0);
  Stream losses(StreamKey{.seed = 9, .purpose = Purpose::loss});
  for (std::uint64_t round = 1; round <= 60; ++round) {
    auto values = normal_gradient(round);
    for (std::size_t i = 0; i < kSize; ++i) put_in[i] += values[i];
    Payload payload = encoder->encode(values, Step{.round = round}, Cut{60, 1});
    std::vector<bool> lost;
    for (std::size_t i = 0; i < payload.blocks().size(); ++i) lost.push_back(losses.uniform() < 0.2);
    auto arrived = decoded(payload.without(lost), *encoder);
    for (std::size_t i = 0; i < kSize; ++i) applied[i] += arrived[i];
    encoder->restore(payload.only(lost));
  }
  double largest = 1;
  for (double sum : put_in) largest = std::max(largest, std::fabs(sum));
  for (std::size_t i = 0; i < kSize; ++i) {
    EXPECT_NEAR(applied[i] + feedback->residual()[i], put_in[i], 2e-5 * largest) << i;
  }
}

TEST_P(EveryMethod, WithoutFeedbackWhatIsReturnedIsForgotten) {
  auto encoder = method();
  if (encoder->feedback()) GTEST_SKIP() << "has feedback";
  if (GetParam().find("momentum") != std::string::npos) GTEST_SKIP() << "remembers gradients on purpose";
  Payload first = encoder->encode(normal_gradient(1), Step{.round = 1}, Cut{100, 1});
  encoder->restore(first);
  Payload second = encoder->encode(normal_gradient(2), Step{.round = 2}, Cut{100, 1});
  auto fresh = method();
  Payload alone = fresh->encode(normal_gradient(2), Step{.round = 2}, Cut{100, 1});
  EXPECT_EQ(decoded(second, *encoder), decoded(alone, *fresh));
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod, testing::ValuesIn(testing_support::variants()),
                         testing_support::variant_name);

}  // namespace
}  // namespace telegrad::training
