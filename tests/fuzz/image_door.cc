#include "tests/fuzz/image_door.h"

#include "sim/core/errors.h"
#include "training/images/image.h"

namespace telegrad {

void check_image_door(const std::uint8_t* bytes, std::size_t size) {
  namespace images = training::images;
  const std::span<const std::uint8_t> file(bytes, size);
  try {
    const images::Size stated = images::size_of(file);
    if (std::int64_t{stated.width} * stated.height > 1'000'000) return;
    const images::Image image = images::decode(file);
    expect(image.width == stated.width && image.height == stated.height, "an image of the stated size");
    const auto pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    expect(image.pixels.size() == 3 * pixels, "three bytes for each pixel");
  } catch (const images::ImageError& error) {
    expect(error.what()[0] != 0, "a message");
  }
}

}  // namespace telegrad
