// Random changes of training batches, in a whole run: drawn by seed, worker and round, and by nothing else.

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/staged_run.h"
#include "tests/support/trainings.h"
#include "training/learning/gradient.h"

namespace telegrad {
namespace {

namespace fs = std::filesystem;
using testing_support::Plan;
using testing_support::population;
using testing_support::run_synchronous;

class Augmentation : public testing::Test {
 protected:
  Augmentation() {
    fs::create_directories(folder_);
    Stream stream(StreamKey{.seed = 5});
    for (const char* name :
         {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"}) {
      std::ofstream file(folder_ / (std::string(name) + ".bin"), std::ios::binary);
      for (int image = 0; image < 8; ++image) {
        file.put(static_cast<char>(stream.below(10)));
        for (int i = 0; i < 3072; ++i) file.put(static_cast<char>(stream.below(256)));
      }
    }
  }
  ~Augmentation() override { fs::remove_all(folder_); }

  std::string training(bool augment) const {
    return R"({"dataset": {"type": "cifar10", "validation": 8, "folder": ")" + folder_.string() +
           R"(", "augment": )" + (augment ? "true" : "false") +
           R"(}, "model": {"type": "mlp", "hidden": [8]}, "batch_size_per_worker": 4,
               "optimizer": {"type": "sgd", "learning_rate": 0.01}})";
  }

  fs::path folder_ = fs::path(testing::TempDir()) / ("augmentation_" + std::to_string(::getpid()));
};

TEST_F(Augmentation, AWorkersBatchIsChangedByItsOwnStream) {
  constexpr std::uint64_t kRounds = 6;
  Observer nobody;
  auto workers = population(training(true), "{}", {.workers = 1});
  run_synchronous(Plan{.workers = 1, .rounds = kRounds}, *workers, nobody);
  const training::Common& common = workers->common();
  auto by_hand = [&](bool changed) {
    training::Batches batches(common.split.learning, 4, 1, 0);
    at::Tensor x = population(training(true), "{}", {.workers = 1})->parameters().clone();
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      const StreamKey key = batches.changes(round);
      const auto g =
          training::gradient(*common.model, x, *common.dataset.train, batches.of(round), common.dataset.shape,
                             {.changes = changed ? std::optional(key) : std::nullopt});
      x = x - g.values * 0.01F;
    }
    return x;
  };
  EXPECT_TRUE(workers->parameters().equal(by_hand(true)));
  EXPECT_FALSE(workers->parameters().equal(by_hand(false)));
  auto plain = population(training(false), "{}", {.workers = 1});
  run_synchronous(Plan{.workers = 1, .rounds = kRounds}, *plain, nobody);
  EXPECT_TRUE(plain->parameters().equal(by_hand(false)));
}

TEST_F(Augmentation, EvaluationSeesWhatIsInTheFiles) {
  auto judged = [&](bool augment) {
    return population(training(augment), "{}", {.workers = 2, .evaluate_validation = true})
        ->evaluation(Rank{0})();
  };
  EXPECT_EQ(judged(true).validation_loss, judged(false).validation_loss);
  EXPECT_EQ(judged(true).test_loss, judged(false).test_loss);
}

}  // namespace
}  // namespace telegrad
