// JPEG and PNG as Pillow writes and reads them, and what is refused.

#include "training/images/image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "training/images/resize.h"

namespace telegrad::training::images {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

/// Images that Pillow wrote, and beside each name.rgb what Pillow reads of it.
class Images : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::path(testing::TempDir()) / ("images_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    std::ofstream(folder_ / "script.py") << R"(
import numpy as np
from PIL import Image
rng = np.random.default_rng(1)
y, x = np.mgrid[0:37, 0:53]
smooth = np.stack([x * 4, y * 6, (x + y) * 2], axis=2).astype(np.uint8)
noisy = np.clip(smooth + rng.normal(0, 20, smooth.shape), 0, 255).astype(np.uint8)
def keep(name, image, **options):
    image.save(name, **options)
    np.asarray(Image.open(name).convert('RGB')).tofile(name + '.rgb')
colour = Image.fromarray(noisy)
keep('sampled.jpg', colour, quality=90)
keep('whole.jpg', colour, quality=95, subsampling=0)
keep('progressive.jpg', colour, progressive=True)
keep('grey.jpg', Image.fromarray(noisy[:, :, 0]))
keep('cmyk.jpg', colour.convert('CMYK'))
keep('colour.png', colour)
keep('grey.png', Image.fromarray(noisy[:, :, 1]))
keep('palette.png', colour.quantize(40))
keep('few.png', colour.quantize(4), bits=2)
keep('bits.png', Image.fromarray(noisy[:, :, 1] > 100))
keep('clear.png', Image.fromarray(np.dstack([noisy, noisy[:, :, 0]])))
keep('grey_clear.png', Image.fromarray(noisy[:, :, 0]).convert('LA'))
np.asarray(colour.resize((20, 30), Image.BILINEAR)).tofile('smaller.rgb')
np.asarray(colour.resize((90, 80), Image.BILINEAR)).tofile('larger.rgb')
np.asarray(colour.resize((16, 16), Image.BILINEAR, box=(5.5, 3.25, 48.0, 20.75))).tofile('box.rgb')
)";
    const std::string command = "cd '" + folder_.string() + "' && '" TELEGRAD_PYTHON "' -W ignore script.py";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  static Bytes read(const std::string& name) {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static int largest_difference(const Bytes& a, const Bytes& b) {
    EXPECT_EQ(a.size(), b.size());
    int most = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
      most = std::max(most, std::abs(a[i] - b[i]));
    return most;
  }

  static std::string complaint(const Bytes& file) {
    try {
      (void)decode(file);
    } catch (const ImageError& error) {
      return error.what();
    }
    return "";
  }

  static inline fs::path folder_;
};

TEST_F(Images, HaveThePixelsThatPillowSees) {
  // The two may be linked with different versions of libjpeg, which round differently.
  const std::pair<const char*, int> all[] = {{"sampled.jpg", 2}, {"whole.jpg", 2},   {"progressive.jpg", 2},
                                             {"grey.jpg", 2},    {"cmyk.jpg", 2},    {"colour.png", 0},
                                             {"grey.png", 0},    {"palette.png", 0}, {"few.png", 0},
                                             {"bits.png", 0},    {"clear.png", 0},   {"grey_clear.png", 0}};
  for (const auto& [name, tolerance] : all) {
    const Bytes file = read(name);
    const Image image = decode(file);
    EXPECT_EQ(image.width, 53) << name;
    EXPECT_EQ(image.height, 37) << name;
    EXPECT_LE(largest_difference(image.pixels, read(std::string(name) + ".rgb")), tolerance) << name;
    const Size size = size_of(std::span(file).first(std::min<std::size_t>(file.size(), 1000)));
    EXPECT_EQ(size.width, 53) << name;
    EXPECT_EQ(size.height, 37) << name;
  }
}

TEST_F(Images, AreResizedAsPillowDoes) {
  const Image image = decode(read("colour.png"));
  const Box whole{0, 0, 53, 37};
  EXPECT_LE(largest_difference(resize(image, whole, {20, 30}).pixels, read("smaller.rgb")), 1);
  EXPECT_LE(largest_difference(resize(image, whole, {90, 80}).pixels, read("larger.rgb")), 1);
  EXPECT_LE(largest_difference(resize(image, {5.5, 3.25, 42.5, 17.5}, {16, 16}).pixels, read("box.rgb")), 1);
  EXPECT_EQ(resize(image, whole, {53, 37}).pixels, image.pixels);
}

TEST(Resize, AnyBoxStaysWithinTheImage) {
  const Image image{3, 2, Bytes(18, 200)};
  const Box boxes[] = {{0, 0, 3, 2}, {2.9, 1.9, 0.1, 0.1}, {0, 0, 0.01, 2}, {1, 1, 2, 1}, {-5, -5, 20, 20}};
  for (const Box& box : boxes) {
    for (int side : {1, 2, 7}) {
      for (std::uint8_t value : resize(image, box, {side, side}).pixels) EXPECT_EQ(value, 200);
    }
  }
}

TEST(Resize, TheNearestPixelIsTheOneInTheMiddle) {
  Image image{4, 2, {}};
  for (std::uint8_t i = 0; i < 8; ++i) image.pixels.insert(image.pixels.end(), {i, i, i});
  EXPECT_EQ(nearest(image, {2, 1}).pixels, (Bytes{5, 5, 5, 7, 7, 7}));
  EXPECT_EQ(nearest(image, {4, 2}).pixels, image.pixels);
}

TEST_F(Images, EveryTruncationIsRefused) {
  for (const char* name : {"sampled.jpg", "progressive.jpg", "cmyk.jpg", "colour.png", "palette.png"}) {
    const Bytes file = read(name);
    for (std::size_t size = 0; size + 2 < file.size(); size += size < 200 ? 1 : 37) {
      EXPECT_NE(complaint({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)}), "")
          << name << " " << size;
    }
  }
}

TEST_F(Images, CorruptBytesInTheMiddleAreRefused) {
  // Near the end: before it libjpeg-turbo decodes by a faster way that does not warn of codes that there are not.
  for (const char* name : {"sampled.jpg", "whole.jpg", "grey.jpg", "cmyk.jpg", "progressive.jpg"}) {
    const Bytes sound = read(name);
    for (std::size_t tenths : {7U, 8U}) {
      Bytes file = sound;
      const std::size_t from = file.size() * tenths / 10;
      for (std::size_t i = 0; i < 12; ++i)
        file[from + i] = i % 2 == 0 ? 0xff : 0x00;  // no code is of ones alone
      EXPECT_NE(complaint(file).find("bad Huffman code"), std::string::npos)
          << name << " at " << tenths << ": " << complaint(file);
    }
  }
  Bytes longer = read("sampled.jpg");
  longer.insert(longer.end() - 2, {1, 2, 3});  // some cameras leave bytes behind the image
  EXPECT_EQ(complaint(longer), "");
}

TEST_F(Images, HugeStatedSizesAreRefusedBeforeMemoryIsAskedFor) {
  Bytes png = read("colour.png");
  for (std::size_t at : {16U, 20U}) png[at + 1] = 0x40;  // 4 million each way; the checksum is wrong now, too
  EXPECT_NE(complaint(png), "");
  Bytes jpeg = read("sampled.jpg");
  const Bytes frame{0xff, 0xc0, 0, 17, 8};
  const auto at = std::search(jpeg.begin(), jpeg.end(), frame.begin(), frame.end());
  ASSERT_NE(at, jpeg.end());
  for (int i = 5; i < 9; ++i) at[i] = 0xfe;
  EXPECT_NE(complaint(jpeg).find("states a size of 65278x65278"), std::string::npos) << complaint(jpeg);
  EXPECT_THROW(check_size(1 << 14, (1 << 12) + 1), ImageError);
  EXPECT_NO_THROW(check_size(1 << 14, 1 << 12));
  EXPECT_THROW(check_size(0, 5), ImageError);
  EXPECT_THROW(check_size(0xffffffffU, 0xffffffffU), ImageError);
}

TEST_F(Images, ImagesOfEndlesslyManyScansAreRefused) {
  const Bytes file = read("progressive.jpg");
  const Bytes start{0xff, 0xda};
  const auto first = std::search(file.begin(), file.end(), start.begin(), start.end());
  ASSERT_NE(first, file.end());
  const auto next =
      std::adjacent_find(first + 2, file.end(), [](int a, int b) { return a == 0xff && b != 0; });
  const Bytes scan(first, next);
  auto with = [&](std::size_t more) {
    Bytes longer(file.begin(), next);
    for (std::size_t i = 0; i < more; ++i) longer.insert(longer.end(), scan.begin(), scan.end());
    longer.insert(longer.end(), next, file.end());
    return longer;
  };
  EXPECT_EQ(complaint(with(80)), "");
  EXPECT_NE(complaint(with(110)).find("more than 100 scans"), std::string::npos) << complaint(with(110));
}

TEST_F(Images, OtherKindsAreNamed) {
  EXPECT_EQ(complaint({'G', 'I', 'F', '8'}), "is neither JPEG nor PNG");
  EXPECT_EQ(complaint({}), "is neither JPEG nor PNG");
  EXPECT_NE(complaint({0xff, 0xd8, 0xff}).find("JPEG: "), std::string::npos);
  Bytes damaged = read("colour.png");
  damaged[damaged.size() / 2] ^= 1;
  EXPECT_NE(complaint(damaged).find("PNG: "), std::string::npos);
}

}  // namespace
}  // namespace telegrad::training::images
