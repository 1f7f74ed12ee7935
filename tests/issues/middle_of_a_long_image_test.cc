// The middle of an image of 1 x 1,000,000 pixels, enlarged to 2,148 or more across, was read outside the image: its height as
// enlarged did not fit its type.

#include <gtest/gtest.h>

#include "training/datasets/image_files.h"

namespace telegrad::training {
namespace {

TEST(MiddleOfALongImage, LiesWithinIt) {
  constexpr int kLong = 1'000'000;
  for (const bool upright : {true, false}) {
    for (const int side : {2147, 2148, 4096}) {
      images::Image image{upright ? 1 : kLong, upright ? kLong : 1, std::vector<std::uint8_t>(3 * kLong, 7)};
      const images::Box box = centre_box({image.width, image.height}, side, side);
      EXPECT_NEAR(upright ? box.height : box.width, 1, 1e-12);
      EXPECT_NEAR(upright ? box.top : box.left, kLong / 2, 1);
      EXPECT_NEAR(upright ? box.width : box.height, 1, 1e-12);
      EXPECT_NEAR(upright ? box.left : box.top, 0, 1e-12);
      EXPECT_EQ(images::resize(image, box, {8, 8}).pixels, std::vector<std::uint8_t>(8 * 8 * 3, 7));
    }
  }
}

}  // namespace
}  // namespace telegrad::training
