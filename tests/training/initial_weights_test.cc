#include "training/initial_weights.h"

#include <ATen/ops/equal.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <limits>

#include "sim/core/errors.h"
#include "training/span.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

class InitialWeights : public testing::Test {
 protected:
  InitialWeights() : path_(fs::temp_directory_path() / ("initial_weights_" + std::to_string(::getpid()))) {
    layout_.add("a", {2, 2}, 0.5);
    layout_.add("b", {1}, 0.0);
  }
  ~InitialWeights() override { fs::remove(path_); }

  void write(const std::string& prefix, std::vector<float> values) const {
    std::ofstream file(path_, std::ios::binary);
    file << prefix;
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(4 * values.size()));
  }
  std::vector<float> read() const {
    at::Tensor weights = read_weights(path_, layout_);
    auto values = span_of(weights);
    return {values.begin(), values.end()};
  }

  fs::path path_;
  Layout layout_;
};

std::string npy(const std::string& dictionary) {
  std::string header = dictionary + std::string(117 - dictionary.size(), ' ') + "\n";
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header;
}

TEST_F(InitialWeights, AreDrawnWithinTheirBoundsBySeed) {
  at::Tensor weights = draw_weights(layout_, 1);
  for (float value : span_of(weights).first(4)) EXPECT_LE(std::abs(value), 0.5F);
  EXPECT_EQ(span_of(weights)[4], 0.0F);
  EXPECT_TRUE(at::equal(weights, draw_weights(layout_, 1)));
  EXPECT_FALSE(at::equal(weights, draw_weights(layout_, 2)));
}

TEST_F(InitialWeights, ComeFromRawFloatsAndFromNpy) {
  const std::vector<float> values{1, 2, 3, 4, 5};
  write("", values);
  EXPECT_EQ(read(), values);
  write(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }"), values);
  EXPECT_EQ(read(), values);
}

TEST_F(InitialWeights, OtherFilesAreRefused) {
  write("", {1, 2, 3, 4});
  EXPECT_THROW((void)read(), RunError);
  write("x", {1, 2, 3, 4, 5});
  EXPECT_THROW((void)read(), RunError);
  write(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }"), {1, 2, 3, 4, 5});
  EXPECT_THROW((void)read(), RunError);
  write(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (5,), }"), {1, 2, 3, 4, 5});
  EXPECT_THROW((void)read(), RunError);
  write("", {1, 2, 3, std::numeric_limits<float>::quiet_NaN(), 5});
  EXPECT_THROW((void)read(), RunError);
  fs::remove(path_);
  EXPECT_THROW((void)read(), RunError);
}

}  // namespace
}  // namespace telegrad::training
