// CLAT with a cost that is measured on the link, against the same cost given as a formula.

#include <gtest/gtest.h>

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/learning/given.h"

namespace telegrad {
namespace {

using testing_support::Plan;

Value compression_of(const std::string& json) {
  return testing_support::resolved(json, training::compression_parameters());
}

/// Bytes of the worker's messages, by round.
class Sizes final : public Observer {
 public:
  void message(const MessageRecord& record) override {
    if (std::string(record.purpose) == "up") bytes_.push_back(record.bytes);
  }
  const std::vector<std::uint64_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint64_t> bytes_;
};

/// 256 coordinates, so that an entry takes 40 bits; one worker, whom nobody disturbs.
std::vector<std::uint64_t> sizes(const std::string& cost, const std::string& exchange = "star") {
  GivenGradient gradient{{256}, std::vector<float>(256)};
  for (std::size_t i = 0; i < 256; ++i) gradient.values[i] = 1.0F / static_cast<float>(i + 3);
  const std::uint32_t workers = exchange == "star" ? 1 : 3;
  const Value compression = compression_of(R"({"uplink": {"type": "clat", "cost": )" + cost + "}}");
  training::Given given(std::vector<GivenGradient>(workers, gradient), compression, 1);
  Sizes seen;
  const Plan plan{.network = R"({"type": "ideal", "latency_ms": 5, "uplink": {"rate_mbps": 1}})",
                  .exchange = testing_support::of_type(exchange),
                  .workers = workers,
                  .rounds = 6};
  EXPECT_TRUE(run_synchronous(plan, given, seen).ended);
  return seen.bytes();
}

TEST(MeasuredCost, ChoosesWhatTheSameCostAsAFormulaChooses) {
  const auto measured = sizes(R"({"model": "measured"})");
  ASSERT_EQ(measured.size(), 6u);
  EXPECT_EQ(measured[0], 20 + 256u * 4);  // tries the link out: everything, without indices
  EXPECT_EQ(measured[1], 20 + 5u);
  // Seconds for each bit, and for what a message takes however short: latency and header.
  const auto formula = sizes(R"({"model": "affine", "c1": 1e-6, "c0": 0.00516})");
  for (std::size_t round = 2; round < 6; ++round) EXPECT_EQ(measured[round], formula[round]) << round;
  EXPECT_GT(formula[2], measured[1]);
  EXPECT_LT(formula[2], measured[0]);
}

TEST(MeasuredCost, CountsJoulesOfARadioThatAlsoWaits) {
  const auto measured = sizes(R"({"model": "measured", "unit": "joules", "radio_mbps": 1, "transmit_w": 9,
                                  "idle_w": 1})");
  // The latency is waited for at 1 W, every bit is sent at 9 W.
  const auto formula = sizes(R"({"model": "affine", "c1": 9e-6, "c0": 0.00644})");
  for (std::size_t round = 2; round < 6; ++round) EXPECT_EQ(measured[round], formula[round]) << round;
  EXPECT_LT(measured[2], sizes(R"({"model": "measured"})")[2]);
}

/// What the root of a tree adds never travels: it keeps nothing back.
TEST(MeasuredCost, IsThatOfTheLinkWhichTheContributionTakes) {
  const auto measured = sizes(R"({"model": "measured"})", "tree");
  EXPECT_EQ(measured.size(), 12u);  // two of three workers send up
}

TEST(MeasuredCost, IsToldToWhoeverRecords) {
  const Value measured = compression_of(R"({"uplink": {"type": "clat", "cost": {"model": "measured"}}})");
  const Value given =
      compression_of(R"({"uplink": {"type": "clat", "cost": {"model": "payload"}, "error_feedback": true}})");
  const GivenGradient gradient{{4}, {1, 2, 3, 4}};
  EXPECT_TRUE(training::Given({gradient}, measured, 1).facts().reads_link);
  EXPECT_FALSE(training::Given({gradient}, given, 1).facts().reads_link);
}

}  // namespace
}  // namespace telegrad
