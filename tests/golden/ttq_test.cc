// Trained ternary quantisation: the golden step, and its descent over a star.

#include "training/methods/ternary_layer.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/golden.h"
#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"

namespace telegrad::training {
namespace {

using testing_support::doubles;
using testing_support::floats;
using testing_support::golden;

TEST(GoldenTtq, FollowsItsStep) {
  const Value& entry = golden("ttq.step");
  const auto latent = floats(entry["input"]["w"]);
  const double threshold = entry["input"]["t"].number();
  const TernaryLayer layer{static_cast<float>(entry["input"]["Wp"].number()),
                           static_cast<float>(entry["input"]["Wn"].number())};
  const Value& want = entry["expected"];
  const auto codes = TernaryLayer::codes(latent, threshold);
  const auto ternary = doubles(want["ternary"]);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const double value = codes[i] > 0 ? layer.positive : codes[i] < 0 ? -layer.negative : 0.0;
    EXPECT_NEAR(value, ternary[i], 1e-6) << i;
  }
  const auto gradients = layer.gradients(latent, floats(entry["input"]["G"]), threshold);
  EXPECT_NEAR(gradients.positive, want["dWp"].number(), 1e-6);
  EXPECT_NEAR(gradients.negative, want["dWn"].number(), 1e-6);
  const auto dw = doubles(want["dw"]);
  for (std::size_t i = 0; i < dw.size(); ++i) EXPECT_NEAR(gradients.latent[i], dw[i], 1e-6) << i;
}

TEST(Ttq, BeginsWithTheMeanMagnitudes) {
  const std::vector<float> latent{0.9F, -0.04F, 0.06F, -1.0F, 0, -0.6F};
  const TernaryLayer layer = TernaryLayer::of(latent, 0.05);
  EXPECT_FLOAT_EQ(layer.positive, 0.48F);
  EXPECT_FLOAT_EQ(layer.negative, 0.8F);
  const TernaryLayer nothing = TernaryLayer::of(std::vector<float>(3), 0.05);
  EXPECT_EQ(nothing.positive, 0);
}

/// Bytes of what the hub sends, by round.
class Down final : public Observer {
 public:
  void message(const MessageRecord& record) override {
    if (std::string(record.purpose) == "down") bytes_[record.round] = record.bytes;
  }
  std::uint64_t of(std::uint64_t round) const { return bytes_.at(round); }

 private:
  std::map<std::uint64_t, std::uint64_t> bytes_;
};

/// A middle layer of 3,072 weights: after the first rounds it travels as two bits a weight.
TEST(Ttq, SendsATernaryModel) {
  const char* training = R"({"dataset": {"type": "synthetic_logistic", "samples": 512, "features": 40,
      "validation": 100}, "model": {"type": "mlp", "hidden": [64, 48]},
      "optimizer": {"type": "sgd", "learning_rate": 0.2}, "batch_size_per_worker": 32})";
  auto trained = testing_support::population(training, R"({"uplink": {"type": "ttq", "full_rounds": 30}})",
                                             {.workers = 3});
  Down down;
  const testing_support::Plan plan{.workers = 3, .rounds = 90};
  ASSERT_TRUE(run_synchronous(plan, *trained, down).ended);
  // 4 bytes of each weight become a quarter of one, with the scales' 4 and a block of headers.
  EXPECT_NEAR(static_cast<double>(down.of(30) - down.of(31)), 3072 * 3.75, 60);
}

TEST(Ttq, KeepsItsPlaceAtTheHub) {
  auto trained = testing_support::population(
      R"({"dataset": {"type": "synthetic_logistic", "samples": 64, "features": 4},
          "model": {"type": "logistic"}, "optimizer": {"type": "sgd", "learning_rate": 0.2}})",
      R"({"uplink": {"type": "ttq"}})", {.workers = 2});
  EXPECT_TRUE(trained->facts().needs_hub);
}

}  // namespace
}  // namespace telegrad::training
