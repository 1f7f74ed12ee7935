// The golden path of the grid quantiser, by the method and over all exchanges.

#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/training/collective_run.h"

namespace telegrad::training {
namespace {

using testing_support::doubles;
using testing_support::golden;
using testing_support::plan_with;

TEST(GoldenGrid, AllExchangesFollowTheScalar) {
  const Value& entry = golden("grid.scalar");
  const auto x = doubles(entry["input"]["x"]);
  Layout layout;
  layout.add("x", {1}, 0);
  const auto gradient = [&](std::uint64_t round, std::uint32_t) {
    return std::vector<float>{static_cast<float>(x[round - 1])};
  };
  for (const char* exchange : {"star", "ring", "tree"}) {
    const auto run = run_collective(R"({"type": "grid", "bits": 3, "step": 0.5, "shrink": 0.8})", layout,
                                    plan_with(exchange, 3, x.size()), gradient);
    for (std::size_t t = 0; t < x.size(); ++t) {
      EXPECT_NEAR(run.updates[t][0], doubles(entry["expected"]["delta_z_c_error"].items()[t])[2], 1e-6)
          << exchange << " " << t;
    }
  }
}

}  // namespace
}  // namespace telegrad::training
