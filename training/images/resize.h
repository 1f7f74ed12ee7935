#pragma once

#include "training/images/image.h"

namespace telegrad::training::images {

/// A rectangle of an image, in pixels from its upper left corner, also between them.
struct Box {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// The box at another size: each pixel is the mean of those below it, weighted by a triangle as wide as two pixels of the
/// larger of the two sizes, so that nothing is skipped. Near the box's edges pixels beside it count.
/// box: wider and higher than 0. (Pillow's BILINEAR)
Image resize(const Image& image, const Box& box, Size size);

/// The pixel in the middle of each: for images of classes, which have no mean.
Image nearest(const Image& image, Size size);

}  // namespace telegrad::training::images
