// What every method promises, by its entry in the registry.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/errors.h"
#include "tests/support/payloads.h"
#include "tests/support/trainings.h"
#include "training/methods/feedback.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::three_tensors;

/// All methods by their examples, and variants.
std::vector<std::string> variants() {
  std::vector<std::string> all;
  for (const auto& entry : methods().entries()) {
    if (entry.make.compressor) all.push_back(entry.about.example);
  }
  for (
      const char* json :
      {R"({"type": "dense", "value": "fp16", "error_feedback": true})",
       R"({"type": "dense", "value": "bf16", "zstd": true})",
       R"({"type": "natural", "error_feedback": true})",
       R"({"type": "top_k", "k": 3, "granularity": "model"})",
       R"({"type": "top_k", "ratio": 0.1, "value": "fp16", "index": "auto"})",
       R"({"type": "top_k", "ratio": 0.1, "value": "natural", "index": "rice"})",
       R"({"type": "top_k", "ratio": 0.1, "bucket": 50, "index": "bitmap", "zstd": true})",
       R"({"type": "top_k", "ratio": 0.1, "whole_below": 100})",
       R"({"type": "top_k", "ratio": 0.1, "error_feedback": false})",
       R"({"type": "top_k", "ratio": 0.1, "momentum_correction": 0.5, "nesterov": true})",
       R"({"type": "rand_k", "ratio": 0.1, "shared": false})",
       R"({"type": "rand_k", "ratio": 0.1, "error_feedback": false})",
       R"({"type": "qsgd", "levels": 1, "code": "elias", "norm": "l2", "granularity": "model"})",
       R"({"type": "terngrad", "code": "base3", "clip_deviations": 0})",
       R"({"type": "scaled_sign", "scale": "l2", "bucket": 16})",
       R"({"type": "wangni", "epsilon": 0.5, "index": "delta"})",
       R"({"type": "direction", "set": "axes"})",
       R"({"type": "direction", "set": "simplex"})",
       R"({"type": "clat", "cost": {"model": "packet_entries", "packet_bits": 500}, "error_feedback": true})",
       R"({"type": "clat", "mode": "sign", "cost": {"model": "payload"}, "error_feedback": true})",
       R"({"type": "clat", "mode": "stochastic", "cost": {"model": "packet_bits", "packet_bits": 500}})"}) {
    all.push_back(json);
  }
  return all;
}

class EveryMethod : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Compressor> method() const { return compressor(GetParam(), tensors_); }
  Layout tensors_ = three_tensors();
};

TEST_P(EveryMethod, AnySubsetOfBlocksDecodesToThatPartOfTheVector) {
  for (std::uint32_t limit : {40U, 100U, 65536U}) {
    auto encoder = method();
    Payload payload = encoder->encode(normal_gradient(1), Step{.round = 1}, Cut{limit, 1});
    std::vector<float> all = decoded(payload, *encoder);
    std::vector<float> sum(kSize, 0.0F);
    for (std::size_t i = 0; i < payload.blocks().size(); ++i) {
      EXPECT_LE(payload.blocks()[i].size, limit);
      std::vector<float> alone = decoded(payload.slice(i, i + 1), *encoder);
      for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += alone[c];
    }
    EXPECT_EQ(sum, all) << limit;
  }
}

TEST_P(EveryMethod, CutIntoPiecesOrNotItStandsForTheSame) {
  auto whole = method();
  auto pieces = method();
  Payload one = whole->encode(normal_gradient(1), Step{.round = 1}, Cut{200, 1});
  Payload many = pieces->encode(normal_gradient(1), Step{.round = 1}, Cut{65536, 7});
  EXPECT_EQ(many.blocks().size() % 7, 0U);
  EXPECT_EQ(decoded(one, *whole), decoded(many, *pieces));
  EXPECT_EQ(one.information_bits() > 0, true);
}

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
    one.add("x", {size}, 0.1);
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

std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::to_string(info.index);
  for (char c : info.param) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod, testing::ValuesIn(variants()), name_of);

}  // namespace
}  // namespace telegrad::training
