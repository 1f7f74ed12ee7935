#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/core/errors.h"
#include "tests/support/trainings.h"
#include "training/datasets/dataset.h"

namespace telegrad::training {

/// A test with a folder of its own, in which small datasets are made.
class FolderTest : public testing::Test {
 protected:
  FolderTest() { std::filesystem::create_directories(folder_); }
  ~FolderTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Values that a script has written.
  template <class T>
  std::vector<T> numbers(const std::string& name) const {
    const std::string bytes = read(name);
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
  }

  /// Runs Python in the folder, with NumPy as np: an oracle that shares no code with ours.
  void python(const std::string& script) const {
    write("script.py", "import numpy as np\n" + script);
    const std::string command =
        "cd '" + folder_.string() + "' && '" TELEGRAD_PYTHON "' script.py && rm script.py";
    ASSERT_EQ(std::system(command.c_str()), 0) << script;
  }

  /// settings: further members of the object.
  Dataset make(const std::string& type, const std::string& settings = "") const {
    const std::string json = R"({"type": ")" + type + R"(", "folder": ")" + folder_.string() + R"(")" +
                             (settings.empty() ? "" : ", " + settings) + "}";
    return datasets().make(testing_support::described("datasets", json), 1);
  }
  /// What is wrong with the set as it lies there; "" where nothing is.
  std::string complaint(const std::string& type, const std::string& settings = "") const {
    try {
      (void)make(type, settings);
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::bad_data);
      return error.what();
    }
    return "";
  }

  struct Batch {
    std::vector<float> inputs;
    std::vector<std::int64_t> targets;
    bool operator==(const Batch&) const = default;
  };
  static Batch gathered(const Samples& samples, const std::vector<std::uint32_t>& chosen,
                        std::int64_t features, const StreamKey* random = nullptr) {
    Batch batch{std::vector<float>(chosen.size() * static_cast<std::size_t>(features), -99.0F),
                std::vector<std::int64_t>(chosen.size() * samples.targets(), -99)};
    samples.gather(chosen, batch.inputs.data(), batch.targets.data(), random);
    return batch;
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  ("datasets_" + std::to_string(::getpid()) + "_" +
                                   testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() +
                                   "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
};

}  // namespace telegrad::training
