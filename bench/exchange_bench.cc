// 1,000 workers that learn nothing, 100 rounds through the star over the ideal network: what actors, mail and
// verdicts cost.

#include "bench/paired.h"
#include "sim/programs/transfer.h"
#include "tests/support/staged_run.h"

namespace telegrad::bench {

void bench_exchange(std::vector<Line>& lines) {
  auto run = [] {
    return seconds_of([] {
      programs::Transfer training(1000, 1000, 1000);
      Observer nobody;
      testing_support::Plan plan{.workers = 1000, .rounds = 100};
      testing_support::run_synchronous(plan, training, nobody);
    });
  };
  lines.push_back(
      duration("star of null learners", 1.0, "1,000 workers x 100 rounds, ideal network", run, 5));
}

}  // namespace telegrad::bench
