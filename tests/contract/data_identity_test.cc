#include "sim/app/identity.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace telegrad::app {
namespace {

namespace fs = std::filesystem;

TEST(DataIdentity, ManyFilesAreOneKeyThatChangesWithAnyOfThem) {
  const fs::path folder = fs::path(testing::TempDir()) / ("identity_" + std::to_string(::getpid()));
  auto write = [&](int number, const std::string& bytes) {
    fs::create_directories(folder / "train" / "bee");
    std::ofstream(folder / "train" / "bee" / (std::to_string(number) + ".jpg")) << bytes;
  };
  const Value training =
      Value::Object{{"dataset", Value::Object{{"type", "image_folder"}, {"folder", folder.string()}}},
                    {"model", Value::Object{{"type", "cnn"}}}};
  for (int i = 0; i < 1000; ++i) write(i, "x");
  EXPECT_EQ(data_identity(training).items().size(), 1000U);
  write(1000, "x");
  const Value before = data_identity(training);
  EXPECT_EQ(before["files"].integer(), 1001);
  EXPECT_EQ(before["key"].text(), data_identity(training)["key"].text());
  write(500, "longer");
  EXPECT_NE(before["key"].text(), data_identity(training)["key"].text());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace telegrad::app
