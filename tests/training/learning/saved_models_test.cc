#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/trainings.h"
#include "training/learning/gradient.h"
#include "training/state_dict.h"

namespace telegrad::training {
namespace {

constexpr const char* kTraining = R"({
  "dataset": {"type": "synthetic_logistic", "samples": 64, "features": 10}, "model": {"type": "logistic"},
  "optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size_per_worker": 8})";

TEST(SavedModels, AreWhereATrainingGoesOn) {
  const auto path = std::filesystem::temp_directory_path() / ("saved_" + std::to_string(::getpid()));
  auto population = testing_support::population(kTraining, "{}", {.workers = 2});
  population->save(path);
  std::string text = kTraining;
  text.insert(1, R"("initial_weights": ")" + path.string() + "\", ");
  auto next = testing_support::population(text, "{}", {.workers = 2, .seed = 9});
  EXPECT_TRUE(next->parameters().equal(population->parameters()));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace telegrad::training
