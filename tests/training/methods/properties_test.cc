// What the settings of methods do.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/payloads.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::three_tensors;

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
