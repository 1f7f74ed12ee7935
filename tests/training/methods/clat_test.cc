// The registered method: what a payload holds, and how settings change it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/core/errors.h"
#include "tests/support/golden.h"
#include "tests/support/trainings.h"
#include "training/methods/clat_cost.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;

/// 1, -1/2, 1/3, ... -1/64.
std::vector<float> harmonic() {
  std::vector<float> g;
  for (int j = 1; j <= 64; ++j) g.push_back((j % 2 == 1 ? 1.0F : -1.0F) / static_cast<float>(j));
  return g;
}

Layout one_tensor(std::int64_t size = 64) {
  Layout layout;
  layout.add("x", {size}, 0.1);
  return layout;
}

struct Sent {
  std::vector<float> values;
  double bits = 0;
  std::int64_t entries() const {
    return std::count_if(values.begin(), values.end(), [](float value) { return value != 0; });
  }
};

Sent send(const std::string& json, const std::vector<float>& g) {
  const Layout layout = one_tensor(static_cast<std::int64_t>(g.size()));
  auto method = compressor(json, layout);
  Payload payload = method->encode(g, Step{.round = 1}, Cut{});
  Sent sent{std::vector<float>(g.size(), 0.0F), static_cast<double>(payload.information_bits())};
  method->add(payload, 1.0F, sent.values);
  return sent;
}

std::string affine(const std::string& mode, double c0) {
  return R"({"type": "clat", "mode": ")" + mode + R"(", "cost": {"model": "affine", "c0": )" +
         std::to_string(c0) + "}}";
}

TEST(ClatMethod, SendsTheEntriesOfTheReferenceAndTheirBits) {
  const Value& entry = testing_support::golden("g2.tstar.affine");
  const auto& fixed = entry["input"]["c0_bits"].items();
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    const Sent entries = send(affine("sparsify", fixed[i].number()), harmonic());
    const Sent signs = send(affine("sign", fixed[i].number()), harmonic());
    const auto of_entries = entry["expected"]["S"].items()[i].integer();
    const auto of_signs = entry["expected"]["SQ"].items()[i].integer();
    EXPECT_EQ(entries.entries(), of_entries);
    EXPECT_EQ(signs.entries(), of_signs);
    EXPECT_EQ(entries.bits, static_cast<double>(of_entries * (6 + 32)));
    EXPECT_EQ(signs.bits, static_cast<double>(of_signs * (6 + 1) + 32));
  }
}

TEST(ClatMethod, PacketsAreCountedWholeOrInBits) {
  const std::vector<float> equal(7, 1.0F);
  const std::string packets = R"({"type": "clat", "cost": {"packet_bits": 88, "model": )";
  EXPECT_EQ(send(packets + R"("packet_bits"}})", equal).entries(), 5);
  EXPECT_EQ(send(packets + R"("packet_entries"}})", equal).entries(), 2);
}

TEST(ClatMethod, SignsStandForTheMeanMagnitude) {
  const Sent sent = send(affine("sign", 64), {3, -4, 1, 0.5F});
  EXPECT_EQ(sent.values, (std::vector<float>{3.5F, -3.5F, 0, 0}));
}

/// A12: a step 1/L with the sent vector decreases F = L/2 ||x||^2 by beta ||g||^2 / (2 L) exactly, L = 1 here.
TEST(ClatMethod, AStepOfSignsDecreasesByWhatIsGuaranteed) {
  const auto g = harmonic();
  const Sent sent = send(affine("sign", 64), g);
  const ClatEfficiency vector(std::span<const float>{g});
  double product = 0;
  double square = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    product += static_cast<double>(g[i]) * sent.values[i];
    square += static_cast<double>(sent.values[i]) * sent.values[i];
  }
  EXPECT_NEAR(product - square / 2, vector.sign(2) * vector.squared_norm() / 2, 1e-6);
}

TEST(ClatMethod, DrawsAsManyAsItChoseInTheMeanAndWithoutBias) {
  const Layout layout = one_tensor();
  const auto g = harmonic();
  auto method = compressor(affine("stochastic", 512), layout);
  const auto chosen = tune(ClatEfficiency(std::span<const float>{g}), ClatMode::stochastic,
                           CommunicationCost::affine(1, 512), {0, 38});
  EXPECT_GT(chosen.entries, 2U);
  constexpr int kDraws = 4000;
  std::vector<double> sum(64), squares(64);
  double bits = 0;
  for (int draw = 1; draw <= kDraws; ++draw) {
    Payload payload = method->encode(g, Step{.round = static_cast<std::uint64_t>(draw)}, Cut{});
    bits += static_cast<double>(payload.information_bits());
    std::vector<float> got(64, 0.0F);
    method->add(payload, 1.0F, got);
    for (std::size_t i = 0; i < 64; ++i) {
      sum[i] += got[i];
      squares[i] += static_cast<double>(got[i]) * got[i];
    }
  }
  for (std::size_t i = 0; i < 64; ++i) {
    const double mean = sum[i] / kDraws;
    const double error = std::sqrt(std::max(squares[i] / kDraws - mean * mean, 0.0) / kDraws);
    EXPECT_NEAR(mean, g[i], 5 * error + 1e-5) << i;
  }
  const auto entries = static_cast<double>(chosen.entries);
  EXPECT_NEAR(bits / kDraws / 38, entries, 5 * std::sqrt(entries / kDraws));
}

TEST(ClatMethod, SaysWhatItsSettingsLack) {
  const auto& catalogues = testing_support::training_catalogues();
  const std::pair<const char*, const char*> mistakes[] = {
      {R"({"type": "clat"})", "/cost"},
      {R"({"type": "clat", "cost": {"model": "packet_bits"}})", "/cost/packet_bits"},
      {R"({"type": "clat", "cost": {"model": "affine", "packet_bits": 100}})", "/cost/packet_bits"},
      {R"({"type": "clat", "cost": {"model": "payload", "c0": 5}})", "/cost/model"},
      {R"({"type": "clat", "mode": "sign", "value": "fp16", "cost": {"model": "payload"}})", "/value"},
      {R"({"type": "clat", "mode": "stochastic", "error_feedback": true, "cost": {"model": "payload"}})",
       "/error_feedback"}};
  for (const auto& [json, pointer] : mistakes) {
    std::vector<Problem> problems;
    (void)resolve_typed(trusted_json(json), catalogues.at("methods"), catalogues, problems);
    ASSERT_EQ(problems.size(), 1U) << json;
    EXPECT_EQ(problems[0].pointer, pointer);
  }
  // One entry of 64 coordinates has 38 bits.
  const Layout layout = one_tensor();
  const std::string small = R"({"type": "clat", "cost": {"model": "packet_entries", "packet_bits": 37}})";
  EXPECT_THROW((void)compressor(small, layout), ScenarioError);
}

}  // namespace
}  // namespace telegrad::training
