// Tensors that are sent whole because they are named.

#include "training/methods/named_tensors.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/core/errors.h"
#include "tests/support/payloads.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::normal_gradient;

Layout convolution() {
  Layout result;
  result.add("conv1.weight", {10, 7}, 0.1);
  result.add("conv1.bias", {10}, 0.1);
  result.add("dense.weight", {40, 5}, 0.1);
  result.add("dense.bias", {5}, 0.1);
  return result;
}

TEST(NamedTensors, AStarStandsForAnyLetters) {
  EXPECT_TRUE(fits("conv1.weight", "conv1.weight"));
  EXPECT_TRUE(fits("conv1.*", "conv1.weight"));
  EXPECT_TRUE(fits("*.bias", "conv1.bias"));
  EXPECT_TRUE(fits("*", ""));
  EXPECT_TRUE(fits("*a*b*", "xxaxxbxx"));
  EXPECT_TRUE(fits("*ab", "aab"));
  EXPECT_TRUE(fits("a**", "a"));
  EXPECT_FALSE(fits("*.bias", "conv1.bias2"));
  EXPECT_FALSE(fits("conv1", "conv1.weight"));
  EXPECT_FALSE(fits("conv1.*", "conv10.weight"));
  EXPECT_FALSE(fits("", "x"));
  EXPECT_FALSE(fits("*b*a", "ab"));
}

TEST(NamedTensors, TravelWithoutIndices) {
  const Layout tensors = convolution();
  auto bits = [&](const std::string& whole) {
    auto method = compressor(R"({"type": "top_k", "k": 2, "whole": [)" + whole + "]}", tensors);
    return method->encode(normal_gradient(1, 285), Step{.round = 1}, Cut{}).information_bits();
  };
  const std::uint64_t all = 2 * (32 + 7) + 2 * (32 + 4) + 2 * (32 + 8) + 2 * (32 + 3);
  EXPECT_EQ(bits(""), all);
  EXPECT_EQ(bits(R"("*.bias")"), 2 * (32 + 7) + 10 * 32 + 2 * (32 + 8) + 5 * 32U);
  EXPECT_EQ(bits(R"("conv1.*", "dense.bias")"), 80 * 32 + 2 * (32 + 8) + 5 * 32U);
}

bool takes_names(const Description& method) {
  return std::any_of(method.parameters.begin(), method.parameters.end(),
                     [](const Parameter& parameter) { return parameter.name == "whole"; });
}

/// The example of a method, with these names.
Value naming(const Description& method, const char* pattern, const char* granularity = "tensor") {
  Value json = trusted_json(method.example);
  json.set("whole", Value(Value::Array{pattern}));
  json.set("granularity", granularity);
  return json;
}

TEST(NamedTensors, ArriveAsTheyAreWithEverySparseMethodThatTakesNames) {
  const Layout tensors = convolution();
  const auto& catalogues = testing_support::training_catalogues();
  std::size_t tested = 0;
  for (const auto& entry : methods().entries()) {
    if (!takes_names(entry.about) || !entry.make.compressor) continue;
    ++tested;
    std::vector<Problem> problems;
    const Value resolved =
        resolve_typed(naming(entry.about, "conv1.bias"), catalogues.at("methods"), catalogues, problems);
    ASSERT_TRUE(problems.empty()) << entry.about.name;
    auto method = make_compressor(resolved, NodeContext{tensors});
    const auto sent = normal_gradient(1, 285);
    const auto got = decoded(method->encode(sent, Step{.round = 1000}, Cut{}), *method, 285);
    for (std::size_t i = 70; i < 80; ++i) EXPECT_EQ(got[i], sent[i]) << entry.about.name << " " << i;
    EXPECT_NE(got, sent) << entry.about.name;
  }
  EXPECT_GE(tested, 4U);
}

TEST(NamedTensors, AreRefusedWhereAUnitHoldsSeveralAndWhereNothingIsCalledSo) {
  const Layout tensors = convolution();
  const auto& catalogues = testing_support::training_catalogues();
  for (const auto& entry : methods().entries()) {
    if (!takes_names(entry.about) || entry.about.name.starts_with("lgc")) continue;
    std::vector<Problem> problems;
    (void)resolve_typed(naming(entry.about, "conv1.*", "model"), catalogues.at("methods"), catalogues,
                        problems);
    ASSERT_EQ(problems.size(), 1U) << entry.about.name;
    EXPECT_EQ(problems[0].pointer, "/whole");
    EXPECT_FALSE(problems[0].remedy.empty());
  }
  try {
    (void)compressor(R"({"type": "top_k", "k": 2, "whole": ["conv2.*"]})", tensors);
    FAIL() << "took a name that nothing has";
  } catch (const ScenarioError& refused) {
    const Problem& problem = refused.problems().front();
    EXPECT_EQ(problem.pointer, "/compression/uplink/whole");
    EXPECT_NE(problem.message.find("'conv2.*'"), std::string::npos);
    EXPECT_NE(problem.remedy.find("conv1.weight, conv1.bias"), std::string::npos);
  }
}

/// Runs of coordinates within a named tensor are units too.
TEST(NamedTensors, MayBeCutIntoBuckets) {
  const Layout tensors = convolution();
  auto method = compressor(R"({"type": "top_k", "k": 1, "bucket": 4, "whole": ["conv1.bias"]})", tensors);
  const auto sent = normal_gradient(1, 285);
  const auto got = decoded(method->encode(sent, Step{.round = 1}, Cut{}), *method, 285);
  for (std::size_t i = 70; i < 80; ++i) EXPECT_EQ(got[i], sent[i]);
  EXPECT_EQ(std::count_if(got.begin(), got.end(), [](float value) { return value != 0; }), 18 + 10 + 50 + 2);
}

}  // namespace
}  // namespace telegrad::training
