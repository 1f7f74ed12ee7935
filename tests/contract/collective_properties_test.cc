// What the theory says of single methods that are no compressors.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/golden.h"
#include "tests/support/payloads.h"
#include "tests/support/trainings.h"
#include "tests/training/averaging.h"
#include "training/methods/largest_of_sum.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::collective;
using testing_support::golden;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::Plan;

constexpr std::uint64_t kRounds = 10;

/// The updates of all rounds, and what worker 0 keeps in the end.
struct Outcome {
  std::vector<std::vector<double>> updates;
  std::vector<double> residual;
};

Outcome outcome(const std::string& uplink, const Layout& layout, std::uint32_t workers,
                const std::string& exchange, const testing_support::Gradients& gradients,
                std::uint64_t rounds = kRounds) {
  auto method = collective(uplink, layout, workers);
  Averaging all(*method, workers, gradients);
  Observer nobody;
  const Plan plan{.exchange = testing_support::of_type(exchange), .workers = workers, .rounds = rounds};
  EXPECT_TRUE(run_synchronous(plan, all, nobody).ended);
  Outcome result;
  for (std::uint64_t round = 1; round <= rounds; ++round) result.updates.push_back(all.update(round, 0));
  result.residual = all.residual(0);
  return result;
}

/// A9: of one worker, or of workers that are all alike, the largest of the sum are the largest of each.
TEST(GTopK, OfEqualWorkersIsTopKWithFeedback) {
  const Layout layout = testing_support::three_tensors();
  auto same = [](std::uint64_t round, std::uint32_t) { return normal_gradient(round); };
  auto top = testing_support::compressor(R"({"type": "top_k", "k": 9, "granularity": "model"})", layout);
  std::vector<std::vector<float>> expected;
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    expected.push_back(
        testing_support::decoded(top->encode(same(round, 0), Step{.round = round}, Cut{}), *top));
  }
  for (std::uint32_t workers : {1U, 4U, 5U}) {
    for (const char* exchange : {"star", "ring", "tree"}) {
      const Outcome got = outcome(R"({"type": "gtop_k", "k": 9})", layout, workers, exchange, same);
      for (std::size_t round = 0; round < kRounds; ++round) {
        for (std::size_t i = 0; i < kSize; ++i) {
          ASSERT_NEAR(got.updates[round][i], expected[round][i], 1e-5)
              << workers << " over a " << exchange << " round " << round;
        }
      }
    }
  }
}

/// What is kept of partial sums depends on which are formed.
TEST(GTopK, DependsOnTheBrackets) {
  const Value& entry = golden("gtopk.not_associative");
  Layout layout;
  layout.add("x", {3}, 0);
  const auto units = codecs::whole(3);
  const Keep keep(testing_support::described("methods", R"({"type": "gtop_k", "k": 1})"), layout);
  auto leaf = [&](const char* name) {
    Entries entries;
    for (const Member& member : entry["input"][name].members()) {
      entries.add(static_cast<std::uint32_t>(std::stoi(member.key)),
                  static_cast<float>(member.value.number()));
    }
    return entries;
  };
  auto part = [&](const Entries& entries) {
    return Part(Rank{0}, pack_entries(entries, 1, units, {}, Cut{}), 0);
  };
  auto merge = [&](const Entries& a, const Entries& b) {
    const std::vector<Part> parts{part(a), part(b)};
    return largest_of_sum(parts, units, keep, 1).kept;
  };
  const Entries left = merge(merge(leaf("A"), leaf("B")), leaf("C"));
  const Entries right = merge(leaf("A"), merge(leaf("B"), leaf("C")));
  const Value& expected = entry["expected"];
  ASSERT_EQ(left.at, std::vector<std::uint32_t>{0});
  ASSERT_EQ(right.at, std::vector<std::uint32_t>{0});
  EXPECT_EQ(left.values[0], expected["(AB)C"]["0"].number());
  EXPECT_EQ(right.values[0], expected["A(BC)"]["0"].number());
}

/// A10: what is left has nothing in the columns of the update, which are those of P.
TEST(PowerSgd, LeavesAResidualOrthogonalToItsUpdate) {
  Layout layout;
  layout.add("x", {12, 9}, 0);
  auto given = [](std::uint64_t round, std::uint32_t) { return normal_gradient(round, 108); };
  for (std::uint64_t rounds = 1; rounds <= 4; ++rounds) {
    const Outcome got = outcome(R"({"type": "powersgd", "rank": 3})", layout, 1, "star", given, rounds);
    double left = 0;
    for (std::size_t a = 0; a < 9; ++a) {
      for (std::size_t b = 0; b < 9; ++b) {
        double product = 0;
        for (std::size_t row = 0; row < 12; ++row) {
          product += got.updates.back()[row * 9 + a] * got.residual[row * 9 + b];
        }
        EXPECT_NEAR(product, 0, 1e-4);
      }
    }
    for (double value : got.residual) left += value * value;
    EXPECT_GT(left, 1) << "a rank of 3 is not all of a random matrix";
  }
}

/// A10: only the mean of the memories matters, and that is the same in both forms.
TEST(PowerSgd, MakesTheSameUpdatesWithBothFormsOfTheError) {
  const Layout layout = testing_support::three_tensors();
  auto given = [](std::uint64_t round, std::uint32_t rank) { return normal_gradient(100 * round + rank); };
  const Outcome averaged = outcome(R"({"type": "powersgd", "rank": 2})", layout, 4, "star", given, 20);
  const Outcome local =
      outcome(R"({"type": "powersgd", "rank": 2, "error": "local"})", layout, 4, "star", given, 20);
  EXPECT_NE(averaged.residual, local.residual);
  for (std::size_t round = 0; round < 20; ++round) {
    for (std::size_t i = 0; i < kSize; ++i) {
      ASSERT_NEAR(averaged.updates[round][i], local.updates[round][i], 5e-4) << "round " << round + 1;
    }
  }
}

/// A leader that shares one of the two largest entries leaves another worker with nearly all it had: the bound of the
/// paper is one of the mean.
TEST(ScaleCom, ALeaderMayBeNoHelpToAnother) {
  const Value& entry = golden("scalecom.bound_not_worst_case");
  const auto x = testing_support::floats(entry["input"]["x"]);
  Layout layout;
  layout.add("x", {4}, 0);
  auto method = collective(R"({"type": "scalecom", "k": 2, "beta": 1})", layout, 2);
  Averaging all(*method, 2, [&](std::uint64_t, std::uint32_t rank) {
    return rank == 0 ? std::vector<float>{0, 5, 5, 0} : x;  // the leader of the first round chooses 1 and 2
  });
  Observer nobody;
  ASSERT_TRUE(run_synchronous(Plan{.workers = 2, .rounds = 1}, all, nobody).ended);
  double left = 0, before = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    left += std::pow(all.residual(1)[i], 2);
    before += double{x[i]} * x[i];
  }
  EXPECT_NEAR(left / before, entry["expected"]["actual_error_ratio"].number(), 1e-6);
  EXPECT_GT(left / before, entry["expected"]["formula"].number());
}

}  // namespace
}  // namespace telegrad::training
