// Sparse text files: what they hold, and what is refused with file and line.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"
#include "training/datasets/libsvm_file.h"

namespace telegrad::training {
namespace {

class Libsvm : public testing::Test {
 protected:
  ~Libsvm() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  Dataset make(const std::string& settings) const {
    return datasets().make(testing_support::described("datasets", R"({"type": "libsvm", )" + settings + "}"),
                           1);
  }

  std::string refusal(const std::string& text) const {
    try {
      (void)read_libsvm(write("bad", text));
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::bad_data);
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  ("libsvm_" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
};

TEST_F(Libsvm, SamplesAreSparseInTheFileAndDenseInABatch) {
  const std::string train = write("train", "+1 1:0.5 4:-2e-1 # remark\r\n\n-1 2:3\n-1\n");
  const std::string test = write("test", "1 5:7\n");
  const Dataset dataset = make(R"("path": ")" + train + R"(", "test_path": ")" + test + R"(")");
  EXPECT_EQ(dataset.shape.features(), 5);
  EXPECT_EQ(dataset.classes, 2U);
  EXPECT_EQ(dataset.train->size(), 3U);
  EXPECT_EQ(dataset.test->size(), 1U);
  std::vector<float> inputs(10, 9.0F);
  std::vector<std::int64_t> labels(2);
  const std::vector<std::uint32_t> chosen{1, 0};
  dataset.train->gather(chosen, inputs.data(), labels.data());
  EXPECT_EQ(inputs, (std::vector<float>{0, 3, 0, 0, 0, 0.5F, 0, 0, -0.2F, 0}));
  EXPECT_EQ(labels, (std::vector<std::int64_t>{0, 1}));
}

TEST_F(Libsvm, LabelsAreNumberedAsTheyRise) {
  const std::string path = R"("path": ")" + write("train", "7 1:1\n-2 1:1\n3.5 1:1\n7 1:1\n") + R"(")";
  const Dataset dataset = make(path + R"(, "dimensions": 9)");
  EXPECT_EQ(dataset.classes, 3U);
  EXPECT_EQ(dataset.shape.features(), 9);
  EXPECT_EQ(std::vector<Label>(dataset.train->labels().begin(), dataset.train->labels().end()),
            (std::vector<Label>{2, 0, 1, 2}));
  EXPECT_EQ(dataset.test->size(), 0U);
}

TEST_F(Libsvm, WhatIsWrongIsNamedWithFileAndLine) {
  const std::pair<const char*, const char*> mistakes[] = {{"1 1:1\nx 1:1\n", "bad:2' begins with 'x'"},
                                                          {"1 1\n", "bad:1' has '1', expected index:value"},
                                                          {"1 1:\n", "expected index:value"},
                                                          {"1 1:2:3\n", "expected index:value"},
                                                          {"1 -1:2\n", "expected index:value"},
                                                          {"1 0:2\n", "index 0"},
                                                          {"1 3:2 3:1\n", "after index 3"},
                                                          {"1 3:2 1:1\n", "rising"},
                                                          {"1 1:1e39\n", "no float32 can hold"},
                                                          {"1 1:nan\n", "no float32 can hold"},
                                                          {"inf 1:1\n", "expected a label"},
                                                          {"1 99999999:1\n", "up to 10,000,000"},
                                                          {"1 99999999999:1\n", "expected index:value"},
                                                          {"# nothing\n\n", "holds no samples"}};
  for (const auto& [text, expected] : mistakes) {
    EXPECT_NE(refusal(text).find(expected), std::string::npos) << text << " -> " << refusal(text);
  }
  EXPECT_THROW((void)read_libsvm(folder_ / "nowhere"), RunError);
}

TEST_F(Libsvm, WhatDoesNotFitTogetherIsRefused) {
  const std::string good = write("good", "1 1:1\n-1 3:1\n");
  const std::string odd = write("odd", "2 1:1\n");
  EXPECT_THROW((void)make(R"("path": ")" + odd + R"(")"), RunError);
  EXPECT_THROW((void)make(R"("path": ")" + good + R"(", "test_path": ")" + odd + R"(")"), RunError);
  EXPECT_THROW((void)make(R"("path": ")" + good + R"(", "dimensions": 2)"), RunError);
  EXPECT_EQ(make(R"("path": ")" + good + R"(", "dimensions": 3)").shape.features(), 3);
}

}  // namespace
}  // namespace telegrad::training
