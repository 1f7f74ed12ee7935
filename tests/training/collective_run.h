#pragma once

// A whole run of a method that is no compressor, on given gradients: what all workers took from each round.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/training/averaging.h"

namespace telegrad::testing_support {

using Updates = std::vector<std::vector<double>>;  // by round

struct CollectiveRun {
  Updates updates;
  std::vector<std::vector<double>> kept;  // by rank, at the end
};

/// Expects that all workers took the same.
inline CollectiveRun run_collective(const std::string& uplink, const training::Layout& layout,
                                    const Plan& plan, Gradients gradients) {
  auto method = collective(uplink, layout, plan.workers);
  Averaging all(*method, plan.workers, std::move(gradients));
  Observer nobody;
  EXPECT_TRUE(run_synchronous(plan, all, nobody).ended);
  CollectiveRun result;
  for (std::uint64_t round = 1; round <= plan.rounds; ++round) {
    result.updates.push_back(all.update(round, 0));
    for (std::uint32_t rank = 0; rank < plan.workers; ++rank) {
      EXPECT_EQ(all.update(round, rank), result.updates.back()) << "worker " << rank << " round " << round;
      EXPECT_EQ(all.identity(round, rank), all.identity(round, 0));
    }
  }
  for (std::uint32_t rank = 0; rank < plan.workers; ++rank) result.kept.push_back(all.residual(rank));
  return result;
}

/// Links that take no time and lose so many of the blocks on their way up.
inline Plan plan_with(const std::string& exchange, std::uint32_t workers, std::uint64_t rounds,
                      std::uint32_t block_bytes = 65536, double loss = 0) {
  return {.network = R"({"type": "ideal", "block_bytes": )" + std::to_string(block_bytes) +
                     R"(, "uplink": {"block_loss": )" + std::to_string(loss) + "}}",
          .exchange = of_type(exchange),
          .workers = workers,
          .rounds = rounds};
}

/// That the mean over all rounds is this, entry by entry at 5 standard errors.
inline void expect_mean(const Updates& rounds, const std::vector<double>& want, const std::string& what) {
  const auto draws = static_cast<double>(rounds.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    double sum = 0, squares = 0;
    for (const auto& update : rounds) {
      sum += update[i];
      squares += update[i] * update[i];
    }
    const double mean = sum / draws;
    const double error = std::sqrt(std::max(squares / draws - mean * mean, 0.0) / draws);
    EXPECT_NEAR(mean, want[i], 5 * error + 1e-5) << what << " " << i;
  }
}

}  // namespace telegrad::testing_support
