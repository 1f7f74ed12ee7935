#include "sim/app/gradient_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "sim/core/errors.h"

namespace telegrad::app {
namespace {

class GradientFile : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) / ("gradient-" + std::to_string(getpid()) + ".npy");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void put(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  std::string bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string refusal() const {
    try {
      (void)read_gradient(path_);
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::bad_data);
      return error.what();
    }
    return "";
  }

  std::filesystem::path path_;
};

TEST_F(GradientFile, ReadsWhatItWrote) {
  const std::vector<float> values{1, -2, 3.5F, 0, 1e-30F, 6};
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{6}, {2, 3}, {1, 3, 2}}) {
    write_npy(path_, shape, values);
    EXPECT_EQ(bytes().find('\n') % 64, 63U);  // data is aligned
    const GivenGradient read = read_gradient(path_);
    EXPECT_EQ(read.shape, shape);
    EXPECT_EQ(read.values, values);
  }
}

TEST_F(GradientFile, RawFloatsAreAVector) {
  const float values[3] = {1, 2, -3};
  put(std::string(reinterpret_cast<const char*>(values), sizeof values));
  EXPECT_EQ(read_gradient(path_).shape, (std::vector<std::int64_t>{3}));
  put("12345");
  EXPECT_NE(refusal().find("no multiple of 4"), std::string::npos);
}

TEST_F(GradientFile, SaysWhatIsWrong) {
  EXPECT_NE(refusal().find("cannot be read"), std::string::npos);
  put("");
  EXPECT_NE(refusal().find("is empty"), std::string::npos);
  write_npy(path_, std::vector<std::int64_t>{2}, std::vector<float>{1, 2});
  const std::string good = bytes();
  auto with = [&](const std::string& what, const std::string& other) {
    std::string changed = good;
    changed.replace(changed.find(what), what.size(), other);
    put(changed);
    return refusal();
  };
  EXPECT_NE(with("<f4", "<i4").find("expected float32"), std::string::npos);
  EXPECT_NE(with("False", "True ").find("C order"), std::string::npos);
  EXPECT_NE(with("(2,)", "(3,)").find("its shape needs 12"), std::string::npos);
  EXPECT_NE(with("shape", "shade").find("'shape'"), std::string::npos);
  put(good.substr(0, 40));
  EXPECT_NE(refusal().find("ends within"), std::string::npos);
  write_npy(path_, std::vector<std::int64_t>{2},
            std::vector<float>{1, std::numeric_limits<float>::infinity()});
  EXPECT_NE(refusal().find("not finite at entry 1"), std::string::npos);
}

TEST_F(GradientFile, MutatedFilesAreReadOrRefusedNeverMore) {
  write_npy(path_, std::vector<std::int64_t>{2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  const std::string good = bytes();
  std::mt19937 random(3);
  for (int round = 0; round < 400; ++round) {
    std::string changed = good;
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips)
      changed[random() % changed.size()] = static_cast<char>(random());
    if (random() % 2 == 0) changed.resize(random() % changed.size());
    put(changed);
    try {
      const GivenGradient read = read_gradient(path_);
      EXPECT_LE(read.values.size(), changed.size() / 4);
    } catch (const RunError&) {}
  }
}

}  // namespace
}  // namespace telegrad::app
