// What the theory says of some methods, and what their settings do.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/payloads.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::three_tensors;

/// A1: over many draws the mean is the vector. Entry by entry, at 5 standard errors of 6,000 draws.
TEST(UnbiasedMethods, AreRightInTheMean) {
  Layout tensors;
  tensors.add("x", {12}, 0.1);
  const std::vector<float> x{-5, 1, 12, -7, 0.5F, 0.25F, -100, 50, 6, -30, 0, 3};
  for (const char* json :
       {R"({"type": "qsgd", "levels": 4, "norm": "l2"})", R"({"type": "qsgd", "levels": 7, "code": "elias"})",
        R"({"type": "terngrad", "clip_deviations": 0})", R"({"type": "natural"})",
        R"({"type": "natural_dithering", "levels": 4})", R"({"type": "wangni", "epsilon": 1})",
        R"({"type": "wangni", "density": 0.3})", R"({"type": "atomo", "k": 3})",
        R"({"type": "clat", "mode": "stochastic", "cost": {"model": "affine", "c0": 100}})",
        R"({"type": "rand_k", "k": 3, "error_feedback": false})",
        R"({"type": "rand_k", "k": 3, "error_feedback": false, "shared": false})"}) {
    auto method = compressor(json, tensors);
    constexpr int kDraws = 6000;
    std::vector<double> sum(12), squares(12);
    for (int draw = 1; draw <= kDraws; ++draw) {
      auto got =
          decoded(method->encode(x, Step{.round = static_cast<std::uint64_t>(draw)}, Cut{}), *method, 12);
      for (std::size_t i = 0; i < 12; ++i) {
        sum[i] += got[i];
        squares[i] += static_cast<double>(got[i]) * got[i];
      }
    }
    for (std::size_t i = 0; i < 12; ++i) {
      const double mean = sum[i] / kDraws;
      const double error = std::sqrt(std::max(squares[i] / kDraws - mean * mean, 0.0) / kDraws);
      EXPECT_NEAR(mean, x[i], 5 * error + 1e-5 * std::fabs(x[i])) << json << " " << i;
    }
  }
}

/// A4: E||x - C(x)||^2 <= ||x||^2 for those that say so, on random, one-hot, constant and geometric vectors.
TEST(Contractions, LeaveLessThanTheyGot) {
  Layout tensors;
  tensors.add("x", {64}, 0.1);
  std::vector<std::vector<float>> inputs{normal_gradient(1, 64), std::vector<float>(64, 2.0F),
                                         std::vector<float>(64, 0.0F)};
  inputs.back()[7] = -3;
  inputs.emplace_back();
  for (int i = 0; i < 64; ++i) inputs.back().push_back(std::pow(-0.8F, static_cast<float>(i)));
  for (const auto& entry : methods().entries()) {
    const auto& traits = entry.about.traits;
    const bool contracts = std::find(traits.begin(), traits.end(), "contraction") != traits.end();
    if (!entry.make.compressor || !contracts) continue;
    Value json = testing_support::described("methods", entry.about.example);
    for (const auto& x : inputs) {
      auto method = make_compressor(json, NodeContext{tensors});
      double before = 0;
      double left = 0;
      auto got = decoded(method->encode(x, Step{.round = 1000}, Cut{}), *method, 64);
      for (std::size_t i = 0; i < 64; ++i) {
        before += static_cast<double>(x[i]) * x[i];
        left += std::pow(static_cast<double>(x[i]) - got[i], 2);
      }
      EXPECT_LE(left, before * (1 + 1e-6)) << entry.about.name;
    }
  }
}

TEST(TopK, SendsExactlyKOfEachUnit) {
  Layout tensors = three_tensors();
  auto count = [&](const std::string& json) {
    auto method = compressor(json, tensors);
    auto values = decoded(method->encode(normal_gradient(1), Step{.round = 1}, Cut{100, 1}), *method);
    return std::count_if(values.begin(), values.end(), [](float value) { return value != 0; });
  };
  EXPECT_EQ(count(R"({"type": "top_k", "k": 5, "granularity": "model"})"), 5);
  EXPECT_EQ(count(R"({"type": "top_k", "k": 5})"), 5 + 3 + 5);
  EXPECT_EQ(count(R"({"type": "top_k", "ratio": 0.1})"), 7 + 1 + 20);
  EXPECT_EQ(count(R"({"type": "top_k", "ratio": 0.1, "whole_below": 100})"), 70 + 3 + 20);
  EXPECT_EQ(count(R"({"type": "top_k", "ratio": 0.1, "warmup_ratios": [0.5]})"), 35 + 2 + 100);
}

TEST(TopK, WantsExactlyOneOfRatioAndK) {
  const auto& catalogues = testing_support::training_catalogues();
  for (const char* json : {R"({"type": "top_k"})", R"({"type": "top_k", "k": 3, "ratio": 0.1})"}) {
    std::vector<Problem> problems;
    (void)resolve_typed(trusted_json(json), catalogues.at("methods"), catalogues, problems);
    EXPECT_EQ(problems.size(), 1U) << json;
  }
}

TEST(Methods, RefuseFeedbackWhereTheTheoryForbidsIt) {
  const auto& catalogues = testing_support::training_catalogues();
  for (const char* json :
       {R"({"type": "qsgd", "error_feedback": true})", R"({"type": "terngrad", "error_feedback": true})",
        R"({"type": "atomo", "k": 2, "error_feedback": true})", R"({"type": "sign", "error_feedback": true})",
        R"({"type": "wangni", "epsilon": 1, "error_feedback": true})",
        R"({"type": "dynamic", "error_feedback": true})",
        R"({"type": "natural_dithering", "error_feedback": true})"}) {
    std::vector<Problem> problems;
    (void)resolve_typed(trusted_json(json), catalogues.at("methods"), catalogues, problems);
    ASSERT_EQ(problems.size(), 1U) << json;
    EXPECT_EQ(problems[0].pointer, "/error_feedback");
    EXPECT_FALSE(problems[0].remedy.empty());
  }
}

TEST(Dense, KeepsEveryBit) {
  Layout tensors = three_tensors();
  auto method = compressor(R"({"type": "dense"})", tensors);
  Payload payload = method->encode(normal_gradient(1), Step{.round = 1}, Cut{100, 1});
  EXPECT_EQ(decoded(payload, *method), normal_gradient(1));
  EXPECT_EQ(payload.information_bits(), kSize * 32);
}

}  // namespace
}  // namespace telegrad::training
