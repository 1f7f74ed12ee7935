// What LGC's autoencoder learns, what a round of its codes costs, and which tensors pass it.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/training/averaging.h"
#include "training/methods/lgc.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::collective;
using testing_support::Plan;

Layout layout() {
  Layout result;
  result.add("a", {5}, 0.1);
  result.add("b", {40, 20}, 0.1);
  result.add("c", {30}, 0.1);
  result.add("d", {50}, 0.1);
  result.add("e", {7}, 0.1);
  return result;
}

/// On its own data, before each step, the autoencoder misses far less than sending zeros would.
TEST(Lgc, LearnsFromTheSecondStage) {
  Layout tensors;
  tensors.add("x", {4000}, 0.1);
  for (const std::string uplink : {R"({"type": "lgc_ps", "ratio": 0.064, "innovation_ratio": 0.0006)",
                                   R"({"type": "lgc_ring", "ratio": 0.064)"}) {
    auto method = collective(uplink + R"(, "full_rounds": 0, "top_k_rounds": 300, "whole_first": 0,
        "whole_last": 0, "autoencoder_learning_rate": 0.003})",
                             tensors, 2);
    // A few patterns that come back, as layers have.
    Averaging all(*method, 2, [](std::uint64_t round, std::uint32_t rank) {
      Stream noise(StreamKey{
          .seed = 3, .purpose = Purpose::method, .node = rank, .round = static_cast<std::uint32_t>(round)});
      std::vector<float> values(4000);
      const double phase = 0.7 * static_cast<double>(round % 5);
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] =
            static_cast<float>(std::sin(0.05 * static_cast<double>(i) + phase) + 0.02 * noise.normal());
      }
      return values;
    });
    Observer nobody;
    const Plan plan{.workers = 2, .rounds = 301};
    ASSERT_TRUE(run_synchronous(plan, all, nobody).ended);
    const auto& progress = dynamic_cast<const Lgc&>(*method).progress();
    ASSERT_EQ(progress.size(), 300u);
    double error = 0, zeros = 0;
    for (std::size_t i = 280; i < 300; ++i) {
      error += progress[i].reconstruction;
      zeros += progress[i].zeros;
    }
    EXPECT_LT(error, 0.5 * zeros) << uplink;
    EXPECT_GT(progress[0].reconstruction, 0.8 * progress[0].zeros);
  }
}

/// Everything passes the autoencoder: what 8 workers send in a round of the third stage, against top-k.
TEST(Lgc, SendsLessThanASixthOfTopK) {
  Layout tensors;
  for (std::int64_t size : {400, 16, 12800, 32, 5120, 10}) tensors.add("t", {size}, 0.1);
  const MessageSizes sizes = collective(R"({"type": "lgc_ps", "ratio": 0.01, "innovation_ratio": 0.0001,
      "whole_first": 0, "whole_last": 0})",
                                        tensors, 8)
                                 ->sizes();
  const Value top_k = resolve_trusted(R"({"type": "top_k", "ratio": 0.01})", methods().catalogue());
  std::vector<float> values(18378);
  Stream stream(StreamKey{.seed = 1, .purpose = Purpose::method});
  for (float& value : values) value = static_cast<float>(stream.normal());
  const Payload payload = make_compressor(top_k, {tensors, 0, 8, 1})->encode(values, {.round = 1}, Cut{});
  EXPECT_GT(payload.bytes(), 6 * sizes.up_bytes);
  EXPECT_GT(payload.information_bits(), 6 * sizes.up_information_bits);
}

TEST(Lgc, NamesTheTensorThatDoesNotExist) {
  const Layout tensors = layout();
  try {
    (void)collective(R"({"type": "lgc_ps", "whole": ["conv9.*"]})", tensors, 2);
    FAIL() << "took it";
  } catch (const ScenarioError& refused) {
    EXPECT_EQ(refused.problems().front().pointer, "/compression/uplink/whole");
    EXPECT_NE(refused.problems().front().remedy.find("a, b, c"), std::string::npos);
  }
}

TEST(LgcLayersTest, DividesTensors) {
  const Layout tensors = layout();
  const Value value = resolve_trusted(
      R"({"type": "lgc_ps", "ratio": 0.1, "innovation_ratio": 0.01, "top_k_only": ["d"], "whole_last": 1})",
      methods().catalogue());
  const LgcLayers layers(value, tensors);
  EXPECT_EQ(layers.whole, 12u);
  EXPECT_EQ(layers.coded, 80u + 3);
  EXPECT_EQ(layers.plain, 5u);
  ASSERT_EQ(layers.runs.size(), 3u);
  EXPECT_EQ(layers.runs[1].end, 885u);
  EXPECT_TRUE(layers.is_coded(834));
  EXPECT_FALSE(layers.is_coded(835));
  EXPECT_FALSE(layers.is_coded(4));
}

}  // namespace
}  // namespace telegrad::training
