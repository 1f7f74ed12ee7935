// Golden numbers of the methods: quantisers given their uniforms, probabilities, trajectories, sizes.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/golden.h"
#include "tests/support/trainings.h"
#include "training/methods/dynamic.h"
#include "training/methods/feedback.h"
#include "training/methods/probabilities.h"
#include "training/methods/quantise.h"
#include "training/methods/randomness.h"
#include "training/methods/ratio.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::doubles;
using testing_support::floats;
using testing_support::golden;
using testing_support::indices;

void expect_near(const std::vector<double>& got, const std::vector<double>& want, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], tolerance * std::max(1.0, std::fabs(want[i]))) << what << " " << i;
  }
}

std::vector<double> widened(std::span<const float> values) { return {values.begin(), values.end()}; }

TEST(GoldenQsgd, RoundsAsTheUniformsSay) {
  const Value& entry = golden("qsgd.given_uniforms");
  const auto x = floats(entry["input"]["x"]);
  const auto u = floats(entry["input"]["u"]);
  std::vector<double> levels, values;
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::int32_t level = stochastic_level(x[i], 13.0F, 4, u[i]);
    levels.push_back(level);
    const float scale = 13.0F;
    values.push_back(codecs::value_of(level, {codecs::ValueCodec::levels, 4, 4}, &scale));
  }
  expect_near(levels, doubles(entry["expected"]["levels_signed"]), 0, "levels");
  expect_near(values, doubles(entry["expected"]["decoded"]), 1e-6, "decoded");
}

/// A2: the exact variance, from the probabilities of the two neighbours of each entry.
TEST(GoldenQsgd, HasTheVarianceOfTheFormula) {
  for (int s : {1, 2, 4, 15, 255}) {
    const Value& entry = golden("g1.qsgd_variance.s" + std::to_string(s));
    const auto x = doubles(entry["input"]["x"]);
    double squares = 0;
    for (double value : x) squares += value * value;
    const auto norm = static_cast<float>(std::sqrt(squares));
    double variance = 0;
    for (double value : x) {
      // The share of uniforms that round up, by bisection of the function itself.
      const auto v = static_cast<float>(value);
      const std::int32_t low = std::abs(stochastic_level(v, norm, s, 0.99999994F));
      double up = 0;
      for (double step = 0.5; step > 1e-7; step /= 2) {
        const bool rounds_up = std::abs(stochastic_level(v, norm, s, static_cast<float>(up + step))) > low;
        if (rounds_up) up += step;
      }
      variance += std::pow(double{norm} / s, 2) * up * (1 - up);
    }
    EXPECT_NEAR(variance / squares, entry["expected"]["var_over_norm2"].number(), 2e-6) << s;
    EXPECT_LE(variance / squares, entry["expected"]["bound"].number());
  }
}

TEST(GoldenTernGrad, DrawsAsTheUniformsSay) {
  const Value& entry = golden("terngrad.given_uniforms");
  const auto x = floats(entry["input"]["x"]);
  const auto u = floats(entry["input"]["u"]);
  std::vector<std::uint32_t> codes;
  for (std::size_t i = 0; i < x.size(); ++i)
    codes.push_back(static_cast<std::uint32_t>(ternary_code(x[i], 1.0F, u[i])));
  EXPECT_EQ(codes, indices(entry["expected"]["codes"]));
}

TEST(GoldenTernGrad, ClipsAtItsDeviations) {
  const Value& entry = golden("terngrad.clip");
  Layout layout;
  layout.add("x", {10}, 0);
  auto method = compressor(R"({"type": "terngrad", "clip_deviations": 2.5})", layout);
  std::vector<float> sent(10);
  method->add(method->encode(floats(entry["input"]["x"]), Step{.round = 1}, Cut{}), 1, sent);
  EXPECT_EQ(sent.back(), static_cast<float>(entry["expected"]["clipped_last"].number()));
}

TEST(GoldenNatural, RoundsAsTheUniformsSay) {
  const Value& entry = golden("natural.given_uniforms");
  const auto x = floats(entry["input"]["x"]);
  const auto u = floats(entry["input"]["u"]);
  std::vector<double> got;
  for (std::size_t i = 0; i < x.size(); ++i) got.push_back(natural(x[i], u[i]));
  expect_near(got, doubles(entry["expected"]), 0, "natural");
}

TEST(GoldenNatural, GoesUpWithTheShareOfTheMantissa) {
  const Value& entry = golden("natural.exact");
  const auto x = floats(entry["input"]["x"]);
  const auto& neighbours = entry["expected"]["low_high_p_up"].items();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto expected = doubles(neighbours[i]);
    EXPECT_FLOAT_EQ(natural(x[i], 0.99999994F), static_cast<float>(expected[0]));
    const auto p = static_cast<float>(expected[2]);
    if (p > 0) {
      EXPECT_FLOAT_EQ(natural(x[i], p * 0.999F), static_cast<float>(expected[1]));
      EXPECT_FLOAT_EQ(natural(x[i], p * 1.001F), static_cast<float>(expected[0]));
    }
  }
}

TEST(GoldenWaterFilling, GivesTheProbabilities) {
  for (const char* name : {"waterfill.g1_T3", "waterfill.g1_T1", "waterfill.small_T2", "waterfill.small_T1",
                           "waterfill.small_T3", "waterfill.ties_T2", "waterfill.sigma_T2"}) {
    const Value& entry = golden(name);
    const auto x = doubles(entry["input"]["x"]);
    const auto p = water_filling(x, entry["input"]["budget"].number());
    expect_near(p, doubles(entry["expected"]["p"]), 1e-12, name);
    double moment = 0;
    for (std::size_t i = 0; i < x.size(); ++i) moment += p[i] > 0 ? x[i] * x[i] / p[i] : 0;
    EXPECT_NEAR(moment / entry["expected"]["second_moment"].number(), 1, 1e-12) << name;
  }
}

TEST(GoldenWangni, GivesTheProbabilitiesAndTheSize) {
  for (const char* name : {"wangni.exact.g1_eps0.1", "wangni.exact.g1_eps1", "wangni.exact.small_eps0.5"}) {
    const Value& entry = golden(name);
    const Wangni got = wangni_exact(doubles(entry["input"]["x"]), entry["input"]["eps"].number());
    expect_near(got.p, doubles(entry["expected"]["p"]), 1e-12, name);
    EXPECT_NEAR(got.lambda, entry["expected"]["lambda"].number(), 1e-12) << name;
  }
  const Value& greedy = golden("wangni.greedy.g1_rho0.3");
  for (int rounds : {0, 1, 2}) {
    const Wangni got = wangni_greedy(doubles(greedy["input"]["x"]), 0.3, rounds);
    expect_near(got.p,
                doubles(greedy["expected"]["p_after_each_round"].items()[static_cast<std::size_t>(rounds)]),
                1e-12, "greedy");
  }
  // Two certain entries, three of the common magnitude, among ten coordinates.
  const std::vector<std::uint32_t> at{0, 3, 4, 7, 9};
  const std::vector<std::uint32_t> symbols{0x40a00000U, codecs::kPlusScale, codecs::kMinusScale, 0x40400000U,
                                           codecs::kPlusScale};
  const auto units = codecs::whole(10);
  const std::vector<float> scale{2.0F};
  Payload payload = codecs::pack_sparse({}, units, codecs::covered_once(10), Cut{}, at,
                                        codecs::CommonSource(symbols), scale);
  EXPECT_EQ(payload.information_bits(), golden("wangni.information_bits")["expected"]["bits"].integer());
  std::vector<float> sum(10);
  add_block(open(payload.blocks()[0], units), sum, 1);
  EXPECT_EQ(sum, (std::vector<float>{5, 0, 0, 2, -2, 0, 0, 3, 0, 2}));
}

TEST(GoldenRandK, DrawsWithoutReplacement) {
  const Value& entry = golden("randk.fisher_yates");
  const auto u = doubles(entry["input"]["u"]);
  std::size_t next = 0;
  EXPECT_EQ(draw_without_replacement(10, 3, [&] { return u[next++]; }),
            indices(entry["expected"]["indices"]));
}

TEST(GoldenDynamic, TakesTheEntriesThatSumUpToTheNorm) {
  for (const char* name : {"g1.dynamic_support", "dynamic_support.d16_1", "dynamic_support.d15_1",
                           "dynamic_support.d4_0", "dynamic_support.d2_3"}) {
    const Value& entry = golden(name);
    const DynamicSupport support = dynamic_support(floats(entry["input"]["x"]));
    EXPECT_NEAR(support.norm, entry["expected"]["norm"].number(), 1e-9) << name;
    EXPECT_EQ(support.indices, indices(entry["expected"]["indices"])) << name;
  }
}

TEST(GoldenOneBit, TwoMeansAndTheirResidual) {
  const Value& entry = golden("onebit.column");
  Layout layout;
  layout.add("x", {5}, 0);
  auto method = compressor(R"({"type": "one_bit"})", layout);
  method->encode(floats(entry["input"]["compensated_column"]), Step{.round = 1}, Cut{});
  expect_near(widened(dynamic_cast<Feedback&>(*method).residual()), doubles(entry["expected"]["residual"]),
              1e-6, "residual");
}

TEST(GoldenSign, ScalesAreTheNorms) {
  struct Case {
    const char *name, *scale, *input, *residual;
  };
  for (const Case& c :
       {Case{"onebit_adam.scale", "l2", "p", "residual"}, Case{"efsign.step", "l1", "g", "e_next"}}) {
    const Value& entry = golden(c.name);
    auto values = floats(entry["input"][c.input]);
    if (const Value* gamma = entry["input"].find("gamma")) {
      for (float& value : values) value *= static_cast<float>(gamma->number());
    }
    Layout layout;
    layout.add("x", {static_cast<std::int64_t>(values.size())}, 0);
    auto method = compressor(std::string(R"({"type": "scaled_sign", "scale": ")") + c.scale + "\"}", layout);
    method->encode(values, Step{.round = 1}, Cut{});
    expect_near(widened(dynamic_cast<Feedback&>(*method).residual()), doubles(entry["expected"][c.residual]),
                1e-6, c.name);
  }
}

/// Five steps of DGC on four coordinates: u, v, what is sent, and x.
void run_dgc(const std::string& name, Feedback::Settings settings, int k) {
  const Value& entry = golden(name);
  Layout layout;
  layout.add("x", {4}, 0);
  settings.momentum = entry["input"]["momentum"].number();
  const NodeContext context{layout};
  Feedback dgc(
      context, settings,
      compressor(R"({"type": "top_k", "error_feedback": false, "k": )" + std::to_string(k) + "}", layout));
  std::vector<float> x(4);
  const auto& gradients = entry["input"]["gradients"].items();
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    Payload payload = dgc.encode(floats(gradients[t]), Step{.round = t + 1}, Cut{});
    dgc.add(payload, -static_cast<float>(entry["input"]["eta"].number()), x);
    const std::string what = name + " step " + std::to_string(t);
    if (const Value* steps = entry["expected"].find("steps")) {
      const Value& step = steps->items()[t];
      expect_near(widened(dgc.momentum()), doubles(step["u"]), 1e-6, what + " u");
      expect_near(widened(dgc.residual()), doubles(step["v"]), 1e-6, what + " v");
      expect_near(widened(x), doubles(step["x"]), 1e-6, what + " x");
    } else {
      expect_near(widened(x), doubles(entry["expected"]["x"].items()[t]), 1e-6, what + " x");
    }
  }
}

TEST(GoldenDgc, FollowsItsTrajectories) {
  run_dgc("dgc.trajectory.heavy_ball", {}, 1);
  run_dgc("dgc.trajectory.nesterov", {.nesterov = true}, 1);
  run_dgc("dgc.trajectory.no_factor_masking", {.factor_masking = false}, 1);
  run_dgc("dgc.all_kept_no_masking_is_momentum_sgd", {.factor_masking = false}, 4);
  run_dgc("dgc.all_kept_masking_is_plain_sgd", {.masks_whole_units = true}, 4);
}

TEST(GoldenDgc, ClipsLocally) {
  const Value& entry = golden("dgc.local_clip");
  Layout layout;
  layout.add("x", {2}, 0);
  Feedback dgc(NodeContext{layout, 0, 4}, {.clip_norm = 2.0}, compressor(R"({"type": "dense"})", layout));
  std::vector<float> sent(2);
  dgc.add(dgc.encode(floats(entry["input"]["g"]), Step{.round = 1}, Cut{}), 1, sent);
  expect_near(widened(sent), doubles(entry["expected"]["clipped"]), 1e-6, "clipped");
}

TEST(GoldenDgc, WarmsUpAsThePaperSays) {
  const Value& entry = golden("dgc.warmup.paper_sparsity");
  const Layout layout;
  const Keep keep(
      testing_support::described(
          "methods",
          R"({"type": "dgc", "ratio": 0.001, "warmup_ratios": [0.25, 0.0625, 0.015625, 0.004], "warmup_rounds": 10})"),
      layout);
  const codecs::Unit million{0, 1000000};
  const auto densities = doubles(entry["expected"]["density"]);
  for (std::size_t epoch = 0; epoch < densities.size(); ++epoch) {
    EXPECT_EQ(keep.of(million, 10 * epoch + 1),
              static_cast<std::size_t>(std::lround(densities[epoch] * 1e6)));
    EXPECT_EQ(keep.of(million, 10 * epoch + 10),
              static_cast<std::size_t>(std::lround(densities[epoch] * 1e6)));
  }
}

/// 9.7: information bits of each method on a million coordinates.
TEST(GoldenWire, InformationBitsAreThoseOfTheFormulas) {
  struct Case {
    const char *key, *json;
  };
  Layout layout;
  layout.add("x", {1000, 1000}, 0);
  std::vector<float> values(1000000);
  Stream stream(StreamKey{.seed = 1, .purpose = Purpose::method});
  for (float& value : values) value = static_cast<float>(stream.normal());
  for (const Case& c :
       {Case{"topk_fixed", R"({"type": "top_k", "k": 1000})"},
        Case{"topk_bitmap", R"({"type": "top_k", "k": 1000, "index": "bitmap"})"},
        Case{"topk_rle16_no_escape", R"({"type": "top_k", "k": 1000, "index": "rle16"})"},
        Case{"sign", R"({"type": "sign"})"}, Case{"sign_scaled", R"({"type": "scaled_sign"})"},
        Case{"terngrad", R"({"type": "terngrad"})"},
        Case{"qsgd_4bit_bucket512", R"({"type": "qsgd", "levels": 7, "bucket": 512})"},
        Case{"qsgd_2bit_bucket128", R"({"type": "qsgd", "levels": 1, "bucket": 128})"},
        Case{"natural_fp32", R"({"type": "natural"})"}, Case{"dense_fp32", R"({"type": "dense"})"},
        Case{"dense_fp16", R"({"type": "dense", "value": "fp16"})"},
        Case{"scalecom_values", R"({"type": "rand_k", "k": 1000})"}}) {
    auto method = compressor(c.json, layout);
    Payload payload = method->encode(values, Step{.round = 1}, Cut{1472, 1});
    EXPECT_EQ(payload.information_bits(), golden("wire.information_bits")["expected"][c.key].integer())
        << c.key;
  }
}

}  // namespace
}  // namespace telegrad::training
