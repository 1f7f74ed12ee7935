#include "training/datasets/dataset.h"

#include <ATen/ops/from_blob.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"
#include "training/learning/gradient.h"

namespace telegrad::training {
namespace {

using testing_support::described;

Dataset make(const std::string& json, std::uint64_t seed = 1) {
  return datasets().make(described("datasets", json), seed);
}

TEST(FashionMnist, HasItsPublishedSizesAndIsNormalised) {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) GTEST_SKIP() << "dataset-fashion-mnist";
  Dataset dataset = make(R"({"type": "fashion_mnist"})");
  EXPECT_EQ(dataset.train->size(), 60000U);
  EXPECT_EQ(dataset.test->size(), 10000U);
  EXPECT_EQ(dataset.classes, 10U);
  EXPECT_EQ(dataset.shape.features(), 784);
  std::vector<std::uint32_t> all(60000);
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  std::vector<float> inputs(all.size() * 784);
  std::vector<std::int64_t> labels(all.size());
  dataset.train->gather(all, inputs.data(), labels.data());
  double sum = 0;
  double squares = 0;
  for (float input : inputs) {
    sum += input;
    squares += static_cast<double>(input) * input;
  }
  EXPECT_NEAR(sum / static_cast<double>(inputs.size()), 0.0, 1e-5);
  EXPECT_NEAR(squares / static_cast<double>(inputs.size()), 1.0, 1e-5);
  EXPECT_EQ(std::set<std::int64_t>(labels.begin(), labels.end()).size(), 10U);
}

TEST(IdxDataset, AMissingFolderIsNamedWithTheRemedy) {
  try {
    (void)make(R"({"type": "idx", "folder": "/nowhere"})");
    FAIL();
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::bad_data);
    EXPECT_NE(std::string(error.what()).find("four IDX files"), std::string::npos);
  }
}

TEST(FilesBelow, FollowsLinksToFolders) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(testing::TempDir()) / ("links_" + std::to_string(::getpid()));
  fs::create_directories(root / "elsewhere" / "deeper");
  fs::create_directories(root / "set" / "ant");
  for (const char* name : {"elsewhere/1.png", "elsewhere/deeper/2.png", "set/ant/3.png"}) {
    std::ofstream(root / name) << "pixels";
  }
  fs::create_directory_symlink(root / "elsewhere", root / "set" / "bee");
  fs::create_symlink(root / "elsewhere" / "1.png", root / "set" / "ant" / "4.png");
  fs::create_symlink(root / "gone", root / "set" / "nothing");
  const std::vector<fs::path> found = files_below(root / "set");
  const std::set<fs::path> expected{root / "set/ant/3.png", root / "set/ant/4.png", root / "set/bee/1.png",
                                    root / "set/bee/deeper/2.png"};
  EXPECT_EQ(std::set<fs::path>(found.begin(), found.end()), expected);
  fs::create_directory_symlink(root / "set", root / "set" / "ant" / "round");
  const std::vector<fs::path> circle = files_below(root / "set");
  EXPECT_GE(circle.size(), expected.size());
  EXPECT_LT(circle.size(), 100U);
  EXPECT_TRUE(files_below(root / "gone").empty());
  fs::remove_all(root);
}

TEST(Split, TakesTheValidationSamplesBySeedAndLosesNone) {
  Dataset dataset =
      make(R"({"type": "synthetic_logistic", "samples": 100, "features": 3, "validation": 30})");
  Split first = split(dataset, 1);
  EXPECT_EQ(first.validation.size(), 30U);
  EXPECT_EQ(first.learning.size(), 70U);
  std::set<std::uint32_t> all(first.learning.begin(), first.learning.end());
  all.insert(first.validation.begin(), first.validation.end());
  EXPECT_EQ(all.size(), 100U);
  EXPECT_EQ(split(dataset, 1).validation, first.validation);
  EXPECT_NE(split(dataset, 2).validation, first.validation);
  EXPECT_FALSE(dataset.optimal_loss.has_value());
}

TEST(Split, LeavesSomethingToLearnFrom) {
  Dataset dataset = make(R"({"type": "synthetic_logistic", "samples": 8, "features": 3, "validation": 8})");
  EXPECT_THROW((void)split(dataset, 1), RunError);
}

TEST(SyntheticLogistic, GradientDescentReachesTheKnownOptimum) {
  Dataset dataset = make(R"({"type": "synthetic_logistic", "samples": 64, "features": 4})");
  auto model = models().make(described("models", R"({"type": "logistic"})"), dataset);
  std::vector<std::uint32_t> all(64);
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  std::vector<float> start(static_cast<std::size_t>(model->layout().size()), 0.0F);
  at::Tensor x = at::from_blob(start.data(), {model->layout().size()}, at::kFloat);
  double loss = 0;
  for (int step = 0; step < 2000; ++step) {
    Gradient g = gradient(*model, x, *dataset.train, all, dataset.shape);
    for (std::size_t i = 0; i < start.size(); ++i) start[i] -= 0.5F * g.values.const_data_ptr<float>()[i];
    loss = g.loss;
  }
  ASSERT_TRUE(dataset.optimal_loss.has_value());
  EXPECT_NEAR(loss, *dataset.optimal_loss, 1e-5);
  EXPECT_GT(std::log(2.0), *dataset.optimal_loss);
}

TEST(SyntheticLogistic, SizesThatCannotBeAreScenarioMistakes) {
  std::vector<Problem> problems;
  const auto& catalogue = testing_support::training_catalogues().at("datasets");
  Value user = trusted_json(R"({"type": "synthetic_logistic", "samples": 1001, "features": 5})");
  (void)resolve_typed(user, catalogue, testing_support::training_catalogues(), problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].pointer, "/samples");
}

}  // namespace
}  // namespace telegrad::training
