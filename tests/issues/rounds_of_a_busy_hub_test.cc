// A hub that went on working after its answer (LGC trains its autoencoder there) opened a round anew that its workers had
// closed already; from then on no round was closed.

#include "tests/support/busy_hub.h"
#include "tests/support/staged_run.h"

namespace telegrad {
namespace {

using namespace testing_support;

class Counted final : public Observer {
 public:
  void round(const RoundRecord& record) override { rounds.push_back(record.round); }
  std::vector<std::uint64_t> rounds;
};

TEST(RoundsOfABusyHub, AreAllClosedInTheirOrder) {
  BusyHub training(3);
  Counted counted;
  const Ran ran = run_synchronous({.workers = 3, .rounds = 6}, training, counted);
  EXPECT_TRUE(ran.ended);
  EXPECT_EQ(ran.rounds, 6u);
  EXPECT_EQ(counted.rounds, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace telegrad
