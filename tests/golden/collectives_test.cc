// Golden numbers of methods that are no compressors: what all get, and what each keeps.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/golden.h"
#include "tests/training/averaging.h"
#include "training/methods/powersgd.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::collective;
using testing_support::doubles;
using testing_support::floats;
using testing_support::golden;
using testing_support::Plan;

void expect_near(const std::vector<double>& got, const std::vector<double>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-5) << what << " " << i;
}

Layout vector_of(std::size_t size) {
  Layout layout;
  layout.add("x", {static_cast<std::int64_t>(size)}, 0);
  return layout;
}

/// Runs the rounds one by one, so that the memories after each can be seen.
TEST(GoldenScaleCom, FollowsItsSteps) {
  for (const char* exchange : {"star", "ring", "tree"}) {
    for (const char* beta : {"1", "0.5"}) {
      const Value& entry = golden(std::string("scalecom.three_workers.beta") + beta);
      const auto& gradients = entry["input"]["gradients"].items();
      const auto& steps = entry["expected"]["steps"].items();
      const Layout layout = vector_of(4);
      for (std::size_t rounds = 1; rounds <= steps.size(); ++rounds) {
        auto method =
            collective(std::string(R"({"type": "scalecom", "k": 2, "beta": )") + beta + "}", layout, 3);
        Averaging all(*method, 3, [&](std::uint64_t round, std::uint32_t rank) {
          return floats(gradients[round - 1].items()[rank]);
        });
        Observer nobody;
        ASSERT_TRUE(run_synchronous(
                        Plan{.exchange = testing_support::of_type(exchange), .workers = 3, .rounds = rounds},
                        all, nobody)
                        .ended);
        const Value& step = steps[rounds - 1];
        std::vector<double> want(4, 0.0);
        const auto at = testing_support::indices(step["indices"]);
        const auto values = doubles(step["mean_values"]);
        for (std::size_t i = 0; i < at.size(); ++i) want[at[i]] = values[i];
        for (std::uint32_t rank = 0; rank < 3; ++rank) {
          const std::string what =
              std::string(exchange) + " beta " + beta + " round " + std::to_string(rounds);
          expect_near(all.update(rounds, rank), want, what);
          expect_near(all.residual(rank), doubles(step["m"].items()[rank]), what + " memory");
        }
      }
    }
  }
}

/// What the tree drops stays with the worker that folds, or is lost as in the published code; elsewhere nothing is.
TEST(GoldenGTopK, PutsBackWhatIsDropped) {
  struct Case {
    const char *golden, *exchange, *put_back;
  };
  for (const std::string group : {"gtopk.mass", "gtopk.three_nodes"}) {
    for (const Case& c : {Case{".merger", "tree", "conserving"}, Case{".reference", "tree", "reference"},
                          Case{".star", "star", "conserving"}, Case{".star", "star", "reference"},
                          Case{".star", "ring", "conserving"}}) {
      const Value& entry = golden(group + c.golden);
      const auto& p = entry["input"]["p"].items();
      const auto workers = static_cast<std::uint32_t>(p.size());
      const Layout layout = vector_of(p.front().items().size());
      auto method = collective(R"({"type": "gtop_k", "k": )" + std::to_string(entry["input"]["k"].integer()) +
                                   R"(, "put_back": ")" + c.put_back + "\"}",
                               layout, workers);
      Averaging all(*method, workers, [&](std::uint64_t, std::uint32_t rank) { return floats(p[rank]); });
      Observer nobody;
      const Plan plan{.exchange = testing_support::of_type(c.exchange), .workers = workers, .rounds = 1};
      ASSERT_TRUE(run_synchronous(plan, all, nobody).ended);
      std::vector<double> want(p.front().items().size(), 0.0);
      const auto at = testing_support::indices(entry["expected"]["I"]);
      const auto values = doubles(entry["expected"]["V"]);
      for (std::size_t i = 0; i < at.size(); ++i) want[at[i]] = values[i] / workers;
      for (std::uint32_t rank = 0; rank < workers; ++rank) {
        const std::string what = group + c.golden + " over " + c.exchange;
        expect_near(all.update(1, rank), want, what);
        expect_near(all.residual(rank), doubles(entry["expected"]["residuals"].items()[rank]),
                    what + " memory");
      }
    }
  }
}

TEST(GoldenGTopK, OfTwoIsTheExactTopKOfTheirSum) {
  const Value& entry = golden("gtopk.N2_equals_exact");
  for (const char* exchange : {"star", "ring", "tree"}) {
    const Layout layout = vector_of(4);
    auto method = collective(R"({"type": "gtop_k", "k": 2})", layout, 2);
    Averaging all(*method, 2, [&](std::uint64_t, std::uint32_t rank) {
      return floats(entry["input"]["p"].items()[rank]);
    });
    Observer nobody;
    const Plan plan{.exchange = testing_support::of_type(exchange), .workers = 2, .rounds = 1};
    ASSERT_TRUE(run_synchronous(plan, all, nobody).ended);
    expect_near(all.update(1, 0), {1.5, 2.0, 0, 0}, exchange);
  }
}

/// The matrices of one worker and round, row by row.
std::vector<float> flat(const Value& matrix) {
  std::vector<float> values;
  for (const Value& row : matrix.items()) {
    for (float value : floats(row)) values.push_back(value);
  }
  return values;
}

std::vector<double> wide(const std::vector<float>& values) { return {values.begin(), values.end()}; }

TEST(GoldenPowerSgd, FollowsItsStepsInBothForms) {
  const Value& entry = golden("powersgd.two_steps");
  const Value& local = golden("powersgd.two_steps.local_error");
  Layout layout;
  layout.add("x", {3, 2}, 0);
  for (const char* exchange : {"star", "ring", "tree"}) {
    for (bool averaged : {true, false}) {
      for (std::size_t rounds = 1; rounds <= 2; ++rounds) {
        auto method = collective(std::string(R"({"type": "powersgd", "rank": 1, "error": ")") +
                                     (averaged ? "averaged" : "local") + "\"}",
                                 layout, 2);
        dynamic_cast<PowerSgd&>(*method).begin_with(flat(entry["input"]["Q0"]));
        Averaging all(*method, 2, [&](std::uint64_t round, std::uint32_t rank) {
          return flat(entry["input"]["G"].items()[round - 1].items()[rank]);
        });
        Observer nobody;
        const Plan plan{.exchange = testing_support::of_type(exchange), .workers = 2, .rounds = rounds};
        ASSERT_TRUE(run_synchronous(plan, all, nobody).ended);
        const Value& step = entry["expected"]["steps"].items()[rounds - 1];
        for (std::uint32_t rank = 0; rank < 2; ++rank) {
          const std::string what = std::string(exchange) + " round " + std::to_string(rounds);
          expect_near(all.update(rounds, rank), wide(flat(step["Mhat"])), what);
          if (averaged) expect_near(all.residual(rank), wide(flat(step["E"].items()[rank])), what + " error");
          if (averaged || rounds == 1) continue;
          const Value& error = local["expected"]["E_after_step2"].items()[rank];
          expect_near(all.residual(rank), wide(flat(error)), what + " local error");
        }
      }
    }
  }
}

TEST(GoldenPowerSgd, RecoversWhatHasItsRank) {
  const Value& entry = golden("powersgd.exact_recovery");
  Layout layout;
  layout.add("x", {3, 2}, 0);
  auto method = collective(R"({"type": "powersgd", "rank": 2})", layout, 2);  // a rank more than there is
  Averaging all(*method, 2, [&](std::uint64_t, std::uint32_t) { return flat(entry["input"]["M"]); });
  Observer nobody;
  ASSERT_TRUE(run_synchronous(Plan{.workers = 2, .rounds = 3}, all, nobody).ended);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    expect_near(all.update(round, 0), wide(flat(entry["expected"]["Mhat"])),
                "round " + std::to_string(round));
  }
}

/// The residual has nothing in the directions of P (A10), whatever scale the columns have.
TEST(LowRank, WhatIsLeftIsOrthogonalToTheFactors) {
  Layout layout;
  layout.add("x", {20, 30}, 0);
  const LowRankPlan plan(layout, 4, 0);
  const LowRankMatrix& m = plan.matrices.front();
  Stream stream(StreamKey{.seed = 1, .purpose = Purpose::method});
  std::vector<float> model(600), right(plan.right_size), left(plan.left_size);
  for (float& value : model) value = static_cast<float>(stream.normal());
  for (std::size_t i = 0; i < right.size(); ++i) {
    right[i] = static_cast<float>(stream.normal() * std::pow(10.0, static_cast<double>(i / 30) - 1));
  }
  left_factor(m, model, right, left);
  orthonormalise(m, left);
  right_factor(m, model, left, right);
  add_product(m, left, right, -1, model);
  right_factor(m, model, left, right);
  for (float value : right) EXPECT_NEAR(value, 0, 1e-5);
}

TEST(LowRank, SendsWhatThePaperCounts) {
  // ResNet-18 for 32 x 32 images, by its tensors.
  Layout layout;
  auto convolution = [&](std::int64_t out, std::int64_t in, std::int64_t kernel) {
    layout.add("conv", {out, in, kernel, kernel}, 0);
    for (int i = 0; i < 2; ++i) layout.add("norm", {out}, 0);
  };
  convolution(64, 3, 3);
  std::int64_t in = 64;
  for (std::int64_t out : {64, 128, 256, 512}) {
    for (int block = 0; block < 2; ++block) {
      convolution(out, in, 3);
      convolution(out, out, 3);
      if (in != out) convolution(out, in, 1);
      in = out;
    }
  }
  layout.add("linear", {10, 512}, 0);
  layout.add("bias", {10}, 0);
  const Value& expected = golden("powersgd.resnet18_cifar")["expected"];
  EXPECT_EQ(layout.size(), expected["parameters"].integer());
  for (std::uint32_t rank : {1u, 2u, 4u}) {
    const LowRankPlan plan(layout, rank, 0);
    EXPECT_EQ(plan.left_size + plan.right_size, expected["floats"][std::to_string(rank)].integer());
  }
}

}  // namespace
}  // namespace telegrad::training
