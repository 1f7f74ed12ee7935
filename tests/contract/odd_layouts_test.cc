// Models of unusual sizes: one weight, a few, empty tensors among others, none at all.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/payloads.h"
#include "tests/support/trainings.h"
#include "tests/training/averaging.h"

namespace telegrad::training {
namespace {

using testing_support::Averaging;
using testing_support::Plan;

Layout vector_of(std::int64_t size) {
  Layout layout;
  layout.add("x", {size}, 0);
  return layout;
}

Layout column_of(std::int64_t size) {
  Layout layout;
  layout.add("x", {size, 1}, 0);
  return layout;
}

/// Empty tensors first, last, between and beside each other, and a model of `size` coordinates.
Layout with_empty_tensors(std::int64_t size) {
  Layout layout;
  layout.add("none", {0}, 0);
  layout.add("x", {size}, 0);
  layout.add("no_rows", {0, 7}, 0);
  layout.add("no_columns", {7, 0}, 0);
  layout.add("y", {3, 2}, 0);
  layout.add("nothing", {0}, 0);
  return layout;
}

std::string example(const Entry<Maker>& entry) {
  if (!entry.about.name.starts_with("lgc")) return entry.about.example;
  // All three stages within a few rounds.
  return R"({"type": ")" + entry.about.name + R"(", "ratio": 0.1, "full_rounds": 1, "top_k_rounds": 1)" +
         (entry.about.name == "lgc_ps" ? R"(, "innovation_ratio": 0.01})" : "}");
}

/// Three rounds of three workers; loss makes what comes back meet these layouts too.
void expect_to_run(const Entry<Maker>& entry, const Layout& layout, const std::string& what) {
  const auto size = static_cast<std::size_t>(layout.size());
  auto gradients = [&](std::uint64_t round, std::uint32_t rank) {
    return testing_support::normal_gradient(10 * round + rank, size);
  };
  const std::string compression = R"({"uplink": )" + example(entry) + "}";
  for (const char* exchange : {"star", "ring"}) {
    if (entry.about.name == "lgc_ps" && std::string(exchange) == "ring") continue;  // needs a hub
    auto method =
        make_method(testing_support::resolved(compression, compression_parameters()), layout, {.workers = 3});
    Averaging all(*method, 3, gradients);
    Observer nobody;
    const Plan plan{.network = R"({"type": "ideal", "block_bytes": 1472, "uplink": {"block_loss": 0.2}})",
                    .exchange = testing_support::of_type(exchange),
                    .workers = 3,
                    .rounds = 3};
    ASSERT_TRUE(run_synchronous(plan, all, nobody).ended) << what << " over a " << exchange;
    for (std::uint64_t round = 1; round <= 3; ++round) {
      const auto update = all.update(round, 0);
      ASSERT_EQ(update.size(), size) << what;
      for (double value : update) ASSERT_TRUE(std::isfinite(value)) << what << " over a " << exchange;
      EXPECT_EQ(all.update(round, 2), update) << what << " over a " << exchange;
    }
  }
}

class OddLayouts : public testing::TestWithParam<std::string> {};

TEST_P(OddLayouts, AreAveragedLikeAnyOther) {
  const Entry<Maker>& entry = methods().at(GetParam());
  for (std::int64_t size : {1, 7, 1000, 10001}) {
    const std::string of = GetParam() + " of " + std::to_string(size);
    expect_to_run(entry, vector_of(size), of);
    if (size > 1000) continue;
    expect_to_run(entry, column_of(size), of + " in a column");
    expect_to_run(entry, with_empty_tensors(size), of + " with empty tensors");
  }
}

TEST_P(OddLayouts, WithoutAnyWeightAreRefused) {
  Layout empty;
  Layout of_empty_tensors;
  of_empty_tensors.add("x", {0, 3}, 0);
  const std::string compression = R"({"uplink": )" + example(methods().at(GetParam())) + "}";
  const Value resolved = testing_support::resolved(compression, compression_parameters());
  for (const Layout* layout : {&empty, &of_empty_tensors}) {
    try {
      (void)make_method(resolved, *layout, {.workers = 2});
      FAIL() << "took a model without weights";
    } catch (const ScenarioError& refused) {
      const Problem& problem = refused.problems().front();
      EXPECT_EQ(problem.pointer, "/training/model");
      EXPECT_FALSE(problem.message.empty());
      EXPECT_FALSE(problem.remedy.empty());
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : methods().entries()) result.push_back(entry.about.name);
  return result;
}

std::string name_of(const testing::TestParamInfo<std::string>& method) { return method.param; }

INSTANTIATE_TEST_SUITE_P(Methods, OddLayouts, testing::ValuesIn(names()), name_of);

}  // namespace
}  // namespace telegrad::training
