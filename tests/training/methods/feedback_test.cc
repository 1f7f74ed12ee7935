// Error feedback: nothing is lost at either end, and DGC is feedback with momentum.

#include "training/methods/feedback.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/support/payloads.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::three_tensors;

/// Multiples of 1/64: sums of them are exact in float32, so that nothing but a mistake makes a difference.
std::vector<float> exact_gradient(std::uint64_t round, std::uint32_t rank = 0) {
  Stream stream(StreamKey{
      .seed = 5, .purpose = Purpose::method, .node = rank, .round = static_cast<std::uint32_t>(round)});
  std::vector<float> values(kSize);
  for (float& value : values) value = (static_cast<float>(stream.below(1025)) - 512) / 64;
  return values;
}

std::vector<bool> draw_losses(const Payload& payload, Stream& stream) {
  std::vector<bool> lost;
  for (std::size_t i = 0; i < payload.blocks().size(); ++i) lost.push_back(stream.uniform() < 0.25);
  return lost;
}

/// The examples of all methods that take feedback, with feedback and without what else would add to a gradient.
std::vector<Value> with_feedback() {
  const auto& catalogues = testing_support::training_catalogues();
  std::vector<Value> all;
  for (const auto& entry : methods().entries()) {
    if (!entry.make.compressor) continue;
    Value json = trusted_json(entry.about.example);
    for (const Parameter& parameter : entry.about.parameters) {
      if (parameter.name == "error_feedback") json.set("error_feedback", true);
      if (parameter.name == "momentum_correction") json.set("momentum_correction", 0.0);
      if (parameter.name == "threshold") json.set("threshold", 0.5);
      if (parameter.name == "warmup_ratios") json.set("warmup_ratios", Value(Value::Array{}));
      if (parameter.name == "ratio") json.set("ratio", 0.1);
    }
    std::vector<Problem> problems;
    Value resolved = resolve_typed(json, catalogues.at("methods"), catalogues, problems);
    if (problems.empty() && resolved.find("error_feedback") != nullptr) all.push_back(std::move(resolved));
  }
  return all;
}

/// A5. Methods that send entries as they are, or powers of two, make no rounding errors here.
TEST(Feedback, AppliedAndHeldIsWhatWasPutInWithEveryMethodThatTakesIt) {
  const std::set<std::string> with_scales{"one_bit", "scaled_sign", "clat"};  // by means that are rounded
  const Layout tensors = three_tensors();
  std::size_t exact = 0;
  for (const Value& settings : with_feedback()) {
    const std::string& name = settings["type"].text();
    auto method = make_compressor(settings, NodeContext{tensors});
    const auto& feedback = dynamic_cast<const Feedback&>(*method);
    std::vector<double> applied(kSize), put_in(kSize);
    Stream losses(StreamKey{.seed = 9, .purpose = Purpose::loss});
    for (std::uint64_t round = 1; round <= 60; ++round) {
      const auto gradient = exact_gradient(round);
      const Payload payload = method->encode(gradient, Step{.round = round}, Cut{60, 1});
      const auto lost = draw_losses(payload, losses);
      const auto arrived = decoded(payload.without(lost), *method);
      method->restore(payload.only(lost));
      for (std::size_t i = 0; i < kSize; ++i) {
        put_in[i] += gradient[i];
        applied[i] += arrived[i];
      }
    }
    const double tolerance = with_scales.count(name) > 0 ? 2e-3 : 0;
    exact += tolerance == 0 ? 1 : 0;
    for (std::size_t i = 0; i < kSize; ++i) {
      EXPECT_NEAR(applied[i] + feedback.residual()[i], put_in[i], tolerance) << name << " " << i;
    }
  }
  EXPECT_GE(exact, 6U);
}

/// A5, with feedback at both ends: a last round in which both send everything leaves nothing behind.
TEST(Feedback, AtBothEndsLosesNothingUnderLoss) {
  const Layout tensors = three_tensors();
  const std::string last = R"(, "warmup_ratios": [0.1], "warmup_rounds": 40, "ratio": 1.0})";
  constexpr std::uint32_t kWorkers = 4;  // a power of two: means are exact
  std::vector<std::unique_ptr<Compressor>> up;
  for (std::uint32_t rank = 0; rank < kWorkers; ++rank) {
    up.push_back(compressor(R"({"type": "top_k")" + last, tensors));
  }
  auto down = testing_support::downlink(
      R"({"type": "recompressed", "method": {"type": "top_k", "granularity": "model")" + last + "}", tensors,
      up[0]->units());
  std::vector<double> given(kSize), got(kSize);
  Stream losses(StreamKey{.seed = 9, .purpose = Purpose::loss});
  for (std::uint64_t round = 1; round <= 41; ++round) {
    const Step step{.round = round};
    Sum sum(kSize);
    for (std::uint32_t rank = 0; rank < kWorkers; ++rank) {
      const auto gradient = exact_gradient(round, rank);
      for (std::size_t i = 0; i < kSize; ++i) given[i] += gradient[i] / kWorkers;
      const Payload payload = up[rank]->encode(gradient, step, Cut{60, 1});
      std::vector<bool> lost = draw_losses(payload, losses);
      if (round == 41) lost.assign(lost.size(), false);
      sum.add(payload.without(lost), up[rank]->units());
      up[rank]->restore(payload.only(lost));
    }
    std::vector<float> answer(kSize);
    add_mean(down->encode(sum, Count::cohort, kWorkers, step, Cut{}), down->units(), Divisor{1}, answer);
    for (std::size_t i = 0; i < kSize; ++i) got[i] += answer[i];
    if (round == 40) {
      EXPECT_NE(got, given);
    }
  }
  EXPECT_EQ(got, given);
}

/// A8: without momentum and clipping.
TEST(Dgc, WithoutMomentumIsTopKWithFeedback) {
  const Layout tensors = three_tensors();
  auto dgc =
      compressor(R"({"type": "dgc", "ratio": 0.1, "momentum_correction": 0, "whole_below": 0})", tensors);
  auto top = compressor(R"({"type": "top_k", "ratio": 0.1})", tensors);
  for (std::uint64_t round = 1; round <= 20; ++round) {
    const Step step{.round = round};
    const auto gradient = normal_gradient(round);
    const Payload ours = dgc->encode(gradient, step, Cut{});
    const Payload theirs = top->encode(gradient, step, Cut{});
    EXPECT_EQ(decoded(ours, *dgc), decoded(theirs, *top));
  }
}

struct State {
  std::vector<float> velocity, momentum;
};

State state_of(const Compressor& method) {
  const auto& feedback = dynamic_cast<const Feedback&>(method);
  return {{feedback.residual().begin(), feedback.residual().end()},
          {feedback.momentum().begin(), feedback.momentum().end()}};
}

/// A8: velocity and momentum of the same entries.
TEST(Dgc, ForgetsVelocityAndMomentumOfWhatItSentAndOfNothingElse) {
  const Layout tensors = three_tensors();
  auto dgc = compressor(R"({"type": "dgc", "ratio": 0.1, "whole_below": 0})", tensors);
  State before = state_of(*dgc);
  for (std::uint64_t round = 1; round <= 5; ++round) {
    const auto gradient = normal_gradient(round);
    const auto sent = decoded(dgc->encode(gradient, Step{.round = round}, Cut{}), *dgc);
    const State after = state_of(*dgc);
    for (std::size_t i = 0; i < kSize; ++i) {
      const float momentum = 0.9F * before.momentum[i] + gradient[i];
      const float velocity = before.velocity[i] + momentum;
      EXPECT_EQ(after.momentum[i], sent[i] != 0 ? 0 : momentum);
      EXPECT_EQ(after.velocity[i], sent[i] != 0 ? 0 : velocity);
      if (sent[i] != 0) {
        EXPECT_EQ(sent[i], velocity);
      }
    }
    before = after;
  }
}

TEST(Dgc, TakesBackVelocityAndMomentumOfWhatWasLost) {
  const Layout tensors = three_tensors();
  auto dgc = compressor(R"({"type": "dgc", "ratio": 0.1, "whole_below": 0})", tensors);
  const auto gradient = normal_gradient(1);
  const Payload payload = dgc->encode(gradient, Step{.round = 1}, Cut{60, 1});
  ASSERT_GT(payload.blocks().size(), 2U);
  std::vector<bool> lost(payload.blocks().size());
  lost[1] = true;
  const auto gone = decoded(payload.only(lost), *dgc);
  const auto sent = decoded(payload, *dgc);
  dgc->restore(payload.only(lost));
  const State after = state_of(*dgc);
  for (std::size_t i = 0; i < kSize; ++i) {
    const bool forgotten = sent[i] != 0 && gone[i] == 0;
    EXPECT_EQ(after.velocity[i], forgotten ? 0 : gradient[i]) << i;
    EXPECT_EQ(after.momentum[i], forgotten ? 0 : gradient[i]) << i;
  }
}

}  // namespace
}  // namespace telegrad::training
