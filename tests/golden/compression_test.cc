#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/support/trainings.h"
#include "training/kernels/select.h"
#include "training/methods/ratio.h"
#include "training/methods/sum.h"

namespace telegrad::training {
namespace {

using testing_support::floats;
using testing_support::golden;

void expect_near(const std::vector<float>& got, const Value& want) {
  auto expected = floats(want);
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-6) << i;
}

TEST(GoldenTopK, ChoosesTheEntriesAndBreaksTiesByTheLowerIndex) {
  for (const char* name :
       {"g1.topk", "topk.ties.all_equal", "topk.ties.tie_at_cut", "topk.ties.zeros", "topk.ties.k_ge_d"}) {
    const Value& entry = golden(name);
    std::vector<std::uint64_t> scratch;
    std::vector<std::uint32_t> chosen;
    ASSERT_TRUE(kernels::select_largest(floats(entry["input"]["x"]),
                                        static_cast<std::size_t>(entry["input"]["k"].integer()), scratch,
                                        chosen));
    std::vector<std::uint32_t> expected;
    for (const Value& index : entry["expected"]["indices"].items()) {
      expected.push_back(static_cast<std::uint32_t>(index.integer()));
    }
    EXPECT_EQ(chosen, expected) << name;
  }
}

TEST(GoldenTopK, KeepsTheRoundedShare) {
  const Value& entry = golden("ratio_to_k");
  const auto& cases = entry["input"]["ratio_n"].items();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto size = static_cast<std::size_t>(cases[i].items()[1].integer());
    EXPECT_EQ(ratio_to_k(cases[i].items()[0].number(), size), entry["expected"].items()[i].integer());
  }
}

/// Runs a golden trajectory of error feedback: the gradients are scaled before or the update after.
void run_trajectory(const std::string& name, bool rate_before) {
  const Value& entry = golden(name);
  Layout layout;
  layout.add("x", {3}, 0);
  auto method = testing_support::compressor(R"({"type": "top_k", "k": 1})", layout);
  std::vector<float> x(3, 0.0F);
  const auto& gradients = entry["input"]["gradients"].items();
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    auto eta = static_cast<float>(entry["input"]["eta"].items()[t].number());
    auto input = floats(gradients[t]);
    if (rate_before) {
      for (float& value : input) value *= eta;
    }
    Payload payload = method->encode(input, Step{.round = t + 1}, Cut{});
    std::vector<float> sent(3, 0.0F);
    add_mean(payload, method->units(), Divisor{1}, sent);
    for (std::size_t i = 0; i < 3; ++i) x[i] -= rate_before ? sent[i] : eta * sent[i];
    const Value& step = entry["expected"]["steps"].items()[t];
    expect_near(sent, step["sent"]);
    expect_near(x, step["x"]);
  }
}

TEST(GoldenFeedback, FollowsTheTrajectoryWithTheLearningRateBefore) { run_trajectory("ef.lr_inside", true); }
TEST(GoldenFeedback, FollowsTheTrajectoryWithTheLearningRateAfter) { run_trajectory("ef.lr_outside", false); }

TEST(GoldenFeedback, ALostBlockReturnsToTheResidual) {
  const Value& entry = golden("ef.lost_block");
  Layout layout;
  layout.add("x", {6}, 0);
  auto method = testing_support::compressor(R"({"type": "top_k", "k": 3})", layout);
  Payload payload = method->encode(floats(entry["input"]["p"]), Step{.round = 1}, Cut{19, 1});
  ASSERT_EQ(payload.blocks().size(), 2U);  // two entries, then the one that is lost
  std::vector<float> applied(6, 0.0F);
  add_mean(payload.without({false, true}), method->units(), Divisor{1}, applied);
  expect_near(applied, entry["expected"]["applied"]);
  method->restore(payload.only({false, true}));
  // With nothing added, the next payload holds the three largest of the residual.
  Payload next = method->encode(std::vector<float>(6), Step{.round = 2}, Cut{});
  std::vector<float> sent(6, 0.0F);
  add_mean(next, method->units(), Divisor{1}, sent);
  EXPECT_EQ(sent[4], 4.0F);
  EXPECT_FLOAT_EQ(sent[5], -0.3F);
  EXPECT_FLOAT_EQ(sent[3], 0.2F);
}

}  // namespace
}  // namespace telegrad::training
