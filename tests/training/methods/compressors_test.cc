#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <limits>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"
#include "training/methods/sum.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;

Layout layout() {
  Layout result;
  result.add("a", {10, 7}, 0.1);
  result.add("b", {3}, 0.1);
  result.add("c", {40, 5}, 0.1);
  return result;
}

std::vector<float> floats(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), tensor.const_data_ptr<float>() + tensor.numel()};
}

at::Tensor gradient(std::uint64_t round) {
  at::Tensor values = at::empty({273}, at::kFloat);
  Stream stream(StreamKey{.seed = round, .purpose = Purpose::method});
  for (int i = 0; i < 273; ++i) values.mutable_data_ptr<float>()[i] = static_cast<float>(stream.normal());
  return values;
}

std::vector<float> decoded(const Payload& payload, const Compressor& method) {
  std::vector<float> sum(273, 0.0F);
  add_mean(payload, method.units(), Divisor{1}, sum);
  return sum;
}

/// All methods by their examples, and variants.
std::vector<std::string> variants() {
  std::vector<std::string> all;
  for (const auto& entry : methods().entries()) all.push_back(entry.about.example);
  all.push_back(R"({"type": "dense", "value": "fp16", "error_feedback": true})");
  all.push_back(R"({"type": "top_k", "k": 3, "granularity": "model"})");
  all.push_back(R"({"type": "top_k", "ratio": 0.1, "value": "fp16"})");
  all.push_back(R"({"type": "top_k", "ratio": 0.1, "error_feedback": false})");
  return all;
}

TEST(Compressors, AnySubsetOfBlocksDecodesToThatPartOfTheVector) {
  Layout tensors = layout();
  for (const std::string& json : variants()) {
    for (std::uint32_t limit : {40U, 100U, 65536U}) {
      auto method = compressor(json, tensors);
      Payload payload = method->encode(gradient(1), Step{.round = 1}, Cut{limit, 1});
      std::vector<float> whole = decoded(payload, *method);
      std::vector<float> sum(273, 0.0F);
      for (std::size_t i = 0; i < payload.blocks().size(); ++i) {
        EXPECT_LE(payload.blocks()[i].size, limit);
        std::vector<float> alone = decoded(payload.slice(i, i + 1), *method);
        for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += alone[c];
      }
      EXPECT_EQ(sum, whole) << json << " " << limit;
    }
  }
}

TEST(Compressors, DenseKeepsEveryBit) {
  Layout tensors = layout();
  auto method = compressor(R"({"type": "dense"})", tensors);
  Payload payload = method->encode(gradient(1), Step{.round = 1}, Cut{100, 1});
  EXPECT_EQ(decoded(payload, *method), floats(gradient(1)));
  EXPECT_EQ(payload.information_bits(), 273U * 32);
}

TEST(Compressors, TopKSendsExactlyKOfEachUnit) {
  Layout tensors = layout();
  auto count = [&](const std::string& json) {
    auto method = compressor(json, tensors);
    Payload payload = method->encode(gradient(1), Step{.round = 1}, Cut{100, 1});
    auto values = decoded(payload, *method);
    return std::count_if(values.begin(), values.end(), [](float value) { return value != 0; });
  };
  EXPECT_EQ(count(R"({"type": "top_k", "k": 5, "granularity": "model"})"), 5);
  EXPECT_EQ(count(R"({"type": "top_k", "k": 5})"), 5 + 3 + 5);
  EXPECT_EQ(count(R"({"type": "top_k", "ratio": 0.1})"), 7 + 1 + 20);
}

TEST(Compressors, WithFeedbackAppliedPlusPendingIsWhatWasPutInAlsoUnderLoss) {
  Layout tensors = layout();
  for (const std::string& json : variants()) {
    auto method = compressor(json, tensors);
    if (!method->feedback()) continue;
    std::vector<double> applied(273, 0.0);
    std::vector<double> put_in(273, 0.0);
    Stream losses(StreamKey{.seed = 9, .purpose = Purpose::loss});
    auto transmit = [&](const at::Tensor& values, std::uint64_t round, double loss) {
      Payload payload = method->encode(values, Step{.round = round}, Cut{60, 1});
      std::vector<bool> lost;
      for (std::size_t i = 0; i < payload.blocks().size(); ++i) lost.push_back(losses.uniform() < loss);
      auto arrived = decoded(payload.without(lost), *method);
      for (std::size_t i = 0; i < 273; ++i) applied[i] += arrived[i];
      method->restore(payload.only(lost));
    };
    for (std::uint64_t round = 1; round <= 50; ++round) {
      at::Tensor values = gradient(round);
      for (std::size_t i = 0; i < 273; ++i) put_in[i] += values.const_data_ptr<float>()[i];
      transmit(values, round, 0.3);
    }
    for (std::uint64_t round = 51; round < 400; ++round) transmit(at::zeros({273}), round, 0.0);
    for (std::size_t i = 0; i < 273; ++i) EXPECT_NEAR(applied[i], put_in[i], 1e-4) << json;
  }
}

TEST(Compressors, WithoutFeedbackWhatIsReturnedIsForgotten) {
  Layout tensors = layout();
  auto method = compressor(R"({"type": "top_k", "ratio": 0.1, "error_feedback": false})", tensors);
  Payload first = method->encode(gradient(1), Step{.round = 1}, Cut{100, 1});
  method->restore(first);
  Payload second = method->encode(gradient(2), Step{.round = 2}, Cut{100, 1});
  auto fresh = compressor(R"({"type": "top_k", "ratio": 0.1, "error_feedback": false})", tensors);
  Payload alone = fresh->encode(gradient(2), Step{.round = 2}, Cut{100, 1});
  EXPECT_EQ(decoded(second, *method), decoded(alone, *fresh));
}

TEST(Compressors, TopKNamesWorkerTensorAndRoundOfWhatIsNotFinite) {
  Layout tensors = layout();
  Value json = testing_support::described("methods", R"({"type": "top_k", "ratio": 0.1})");
  auto method = methods().make(json, NodeContext{tensors, 5, 8, 1});
  at::Tensor values = gradient(1);
  values.mutable_data_ptr<float>()[71] = std::numeric_limits<float>::quiet_NaN();
  try {
    (void)method->encode(values, Step{.round = 12}, Cut{});
    FAIL();
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::not_finite);
    std::string text = error.what();
    EXPECT_NE(text.find("worker 5"), std::string::npos);
    EXPECT_NE(text.find(" b "), std::string::npos);
    EXPECT_NE(text.find("round 12"), std::string::npos);
  }
}

TEST(TopK, WantsExactlyOneOfRatioAndK) {
  const auto& catalogues = testing_support::training_catalogues();
  for (const char* json : {R"({"type": "top_k"})", R"({"type": "top_k", "k": 3, "ratio": 0.1})"}) {
    std::vector<Problem> problems;
    (void)resolve_typed(trusted_json(json), catalogues.at("methods"), catalogues, problems);
    EXPECT_EQ(problems.size(), 1U) << json;
  }
}

}  // namespace
}  // namespace telegrad::training
