#include "training/datasets/idx_file.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<unsigned char>;

class IdxFileTest : public testing::Test {
 protected:
  IdxFileTest() : folder_(fs::temp_directory_path() / ("idx_file_test_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~IdxFileTest() override { fs::remove_all(folder_); }

  fs::path write(const Bytes& bytes) const {
    std::ofstream(folder_ / "plain", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return folder_ / "plain";
  }

  fs::path compress(const Bytes& bytes) const {
    fs::path path = folder_ / "packed.gz";
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return path;
  }

  /// What reading these bytes as labels complains of.
  std::string complaint(const Bytes& bytes, std::size_t rank = 1) const {
    return complaint(write(bytes), rank);
  }
  static std::string complaint(const fs::path& path, std::size_t rank) {
    try {
      (void)read_idx(path, rank);
    } catch (const RunError& error) {
      EXPECT_EQ(error.failure(), Failure::bad_data);
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

const Bytes kThreeLabels{0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};

TEST_F(IdxFileTest, PlainAndCompressedFilesReadAlike) {
  for (const fs::path& path : {write(kThreeLabels), compress(kThreeLabels)}) {
    IdxFile file = read_idx(path, 1);
    EXPECT_EQ(file.sizes, std::vector<std::uint32_t>{3});
    EXPECT_EQ(file.data, (std::vector<std::uint8_t>{7, 8, 9}));
  }
}

TEST_F(IdxFileTest, EveryTruncationIsNamed) {
  for (std::size_t size = 0; size < kThreeLabels.size(); ++size) {
    Bytes cut(kThreeLabels.begin(), kThreeLabels.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(complaint(cut), "") << size;
  }
  EXPECT_NE(complaint({0, 0, 8, 1, 0, 0, 0, 3, 7}).find("ends after 1 of the 3 bytes"), std::string::npos);
}

TEST_F(IdxFileTest, ACutOffGzipFileIsNamed) {
  fs::path path = compress(Bytes(kThreeLabels));
  fs::resize_file(path, fs::file_size(path) - 9);
  EXPECT_NE(complaint(path, 1), "");
}

TEST_F(IdxFileTest, HugeStatedSizesAreRefusedWithoutAllocatingThem) {
  EXPECT_NE(complaint({0, 0, 8, 1, 255, 255, 255, 255}).find("ends after 0 of the 4294967295"),
            std::string::npos);
  EXPECT_NE(complaint({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, 3)
                .find("implausible"),
            std::string::npos);
}

TEST_F(IdxFileTest, OtherFormatsAreNamed) {
  EXPECT_NE(complaint({'P', 'K', 3, 4}).find("no IDX file"), std::string::npos);
  EXPECT_NE(complaint({0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0}).find("no unsigned bytes"), std::string::npos);
  EXPECT_NE(complaint(kThreeLabels, 3).find("has 1 dimensions, expected 3"), std::string::npos);
  EXPECT_NE(complaint({0, 0, 8, 1, 0, 0, 0, 1, 7, 8}).find("goes on"), std::string::npos);
  EXPECT_NE(complaint({0, 0, 8, 1, 0, 0, 0, 0}).find("implausible"), std::string::npos);
  EXPECT_NE(complaint(folder_ / "absent", 1).find("cannot be opened"), std::string::npos);
}

}  // namespace
}  // namespace telegrad::training
