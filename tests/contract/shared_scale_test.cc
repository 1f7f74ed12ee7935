// TernGrad and QSGD with scales that all workers share: levels add up on their way, and stay right in the mean.

#include <gtest/gtest.h>

#include <cmath>

#include "sim/codecs/header.h"
#include "sim/core/errors.h"
#include "tests/support/golden.h"
#include "tests/support/trainings.h"
#include "tests/training/collective_run.h"
#include "training/methods/integer_sum.h"

namespace telegrad::training {
namespace {

using testing_support::collective;
using testing_support::expect_mean;
using testing_support::golden;
using testing_support::plan_with;
using testing_support::run_collective;

constexpr std::uint32_t kWorkers = 3;
constexpr std::size_t kSize = 41;
const char* const kExchanges[] = {"star", "ring", "tree"};
const std::string kTernGrad = R"({"type": "terngrad", "clip_deviations": 0, "shared_scaler": true})";
const std::string kQsgd = R"({"type": "qsgd", "levels": 3, "bucket": 16, "norm": "l2", "shared_norm": true})";

Layout layout() {
  Layout result;
  result.add("a", {4, 5}, 0.1);
  result.add("b", {21}, 0.1);
  return result;
}

/// The same in every round; workers differ tenfold.
std::vector<float> gradient(std::uint64_t, std::uint32_t rank) {
  Stream stream(StreamKey{.seed = 3, .purpose = Purpose::method, .node = rank});
  std::vector<float> values(kSize);
  for (float& value : values) value = static_cast<float>(stream.normal() * std::pow(10.0, rank));
  return values;
}

std::vector<double> mean_gradient() {
  std::vector<double> mean(kSize);
  for (std::uint32_t rank = 0; rank < kWorkers; ++rank) {
    const auto values = gradient(0, rank);
    for (std::size_t i = 0; i < kSize; ++i) mean[i] += static_cast<double>(values[i]) / kWorkers;
  }
  return mean;
}

TEST(SharedScale, IsRightInTheMean) {
  for (const std::string& uplink : {kTernGrad, kQsgd}) {
    expect_mean(run_collective(uplink, layout(), plan_with("star", kWorkers, 3000), gradient).updates,
                mean_gradient(), uplink);
  }
}

TEST(SharedScale, StarRingAndTreeGiveTheSame) {
  for (const std::string& uplink : {kTernGrad, kQsgd}) {
    const auto star = run_collective(uplink, layout(), plan_with("star", kWorkers, 10, 100), gradient);
    for (const char* exchange : {"ring", "tree"}) {
      const auto other = run_collective(uplink, layout(), plan_with(exchange, kWorkers, 10, 100), gradient);
      EXPECT_EQ(other.updates, star.updates) << exchange << ": whole numbers add up in any order";
    }
  }
}

/// The mean of N workers lies on 2 N + 1 levels of the largest magnitude of all: a private scaler's has more.
TEST(SharedScale, TheMeanOfTernGradHasFewLevels) {
  const auto run = run_collective(kTernGrad, layout(), plan_with("ring", kWorkers, 20), gradient);
  float largest[2] = {0, 0};
  for (std::uint32_t rank = 0; rank < kWorkers; ++rank) {
    const auto values = gradient(0, rank);
    for (std::size_t i = 0; i < kSize; ++i) {
      float& most = largest[i < 20 ? 0 : 1];
      most = std::max(most, std::fabs(values[i]));
    }
  }
  for (const auto& update : run.updates) {
    for (std::size_t i = 0; i < kSize; ++i) {
      const double level = update[i] / largest[i < 20 ? 0 : 1] * kWorkers;
      EXPECT_NEAR(level, std::round(level), 1e-4) << i;
      EXPECT_LE(std::fabs(level), kWorkers + 1e-4) << i;
    }
  }
}

/// Whose scale was lost is cut to the others'; a coordinate is divided by those of whom it arrived.
TEST(SharedScale, StaysWithinTheScalesWhereBlocksAreLost) {
  const auto exact = mean_gradient();
  for (const std::string& uplink : {kTernGrad, kQsgd}) {
    for (const char* exchange : kExchanges) {
      const auto lossy =
          run_collective(uplink, layout(), plan_with(exchange, kWorkers, 200, 64, 0.1), gradient);
      EXPECT_NE(lossy.updates,
                run_collective(uplink, layout(), plan_with(exchange, kWorkers, 200, 64), gradient).updates);
      double along = 0, squares = 0;
      for (const auto& update : lossy.updates) {
        for (std::size_t i = 0; i < kSize; ++i) {
          ASSERT_TRUE(std::isfinite(update[i]));
          ASSERT_LE(std::fabs(update[i]), 2000);
          along += update[i] * exact[i] / 200;
          squares += exact[i] * exact[i] / 200;
        }
      }
      EXPECT_GT(along, 0.5 * squares) << uplink << exchange;
    }
  }
}

/// Golden widths: ceil(log2(2 N s + 1)) bits for a sum of N workers' levels.
TEST(SharedScale, SumsWidenByTheNumberOfWorkers) {
  const Value& entry = golden("qsgd.ring_sum_bits");
  const auto& widths = entry["expected"].items();
  for (std::size_t c = 0; c < widths.size(); ++c) {
    const auto& pair = entry["input"]["N_s"].items()[c].items();
    const auto n = static_cast<std::uint32_t>(pair[0].integer());
    const auto s = static_cast<std::uint32_t>(pair[1].integer());
    const std::vector<std::int32_t> most(100, static_cast<std::int32_t>(s));
    std::vector<Part> parts;
    for (std::uint32_t i = 0; i < n; ++i) parts.emplace_back(Rank{i}, pack_integers({}, most, s, Cut{}), 0u);
    EXPECT_EQ(parts[0].payload.information_bits(), 100 * codecs::level_width(s));
    const Payload sum = IntegerSum(100, s).fold(parts, Cut{});
    EXPECT_EQ(sum.information_bits(), 100U * static_cast<std::uint64_t>(widths[c].integer()))
        << n << " " << s;
    std::vector<float> values(100);
    codecs::add_block(open(sum.blocks()[0], codecs::whole(100)), values, 1.0F);
    EXPECT_EQ(values, std::vector<float>(100, static_cast<float>(n * s)));
    const std::vector<Part> two(parts.begin(), parts.begin() + 2);
    EXPECT_EQ(IntegerSum(100, s).fold(two, Cut{}).information_bits(), 100 * codecs::level_width(2 * s))
        << "on its way a sum is as wide as it must be";
  }
}

TEST(SharedScale, StatesItsSizes) {
  Layout square;
  square.add("x", {1000, 1000}, 0);
  const MessageSizes tern = collective(kTernGrad, square, 8)->sizes();
  EXPECT_EQ(tern.up_information_bits, 2000032u);
  EXPECT_EQ(tern.down_information_bits,
            32 + 1000000u * static_cast<std::uint64_t>(std::ceil(
                                golden("terngrad.downlink_bits_per_entry")["expected"].items()[3].number())));
  const MessageSizes qsgd =
      collective(R"({"type": "qsgd", "levels": 7, "bucket": 512, "shared_norm": true})", square, 8)->sizes();
  EXPECT_EQ(qsgd.up_information_bits, 4062528u);
  EXPECT_EQ(qsgd.down_information_bits, 7062528u);
}

TEST(SharedScale, WithoutItTheMethodsAreCompressors) {
  const Layout tensors = layout();
  EXPECT_EQ(collective(R"({"type": "terngrad"})", tensors, 2), nullptr);
  EXPECT_NE(make_compressor(testing_support::described("methods", R"({"type": "qsgd"})"), {tensors}),
            nullptr);
  EXPECT_THROW((void)make_compressor(testing_support::described("methods", kQsgd), {tensors}), ScenarioError)
      << "a hub alone shares nothing";
}

TEST(SharedScale, RefusesCodesThatDoNotAddUpAndSumsThatRound) {
  const auto& catalogues = testing_support::training_catalogues();
  for (const char* json : {R"({"type": "terngrad", "shared_scaler": true, "code": "base3"})",
                           R"({"type": "qsgd", "shared_norm": true, "code": "elias"})"}) {
    std::vector<Problem> problems;
    (void)resolve_typed(trusted_json(json), catalogues.at("methods"), catalogues, problems);
    ASSERT_EQ(problems.size(), 1U) << json;
    EXPECT_EQ(problems[0].pointer, "/code");
  }
  const Layout tensors = layout();
  EXPECT_THROW((void)collective(R"({"type": "qsgd", "levels": 32767, "shared_norm": true})", tensors, 1000),
               ScenarioError);
}

}  // namespace
}  // namespace telegrad::training
