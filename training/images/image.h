#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace telegrad::training::images {

/// Red, green and blue of each pixel, row by row.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  const std::uint8_t* at(int x, int y) const {
    return pixels.data() +
           3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
  }
};

struct Size {
  int width = 0;
  int height = 0;
};

/// What is wrong with an image, without the file's name.
class ImageError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// More pixels are refused before any memory is asked for: 200 MB as decoded.
inline constexpr std::int64_t kMostPixels = std::int64_t{1} << 26;

/// Of a JPEG or PNG file, told apart by their first bytes; reads the header alone. Throws ImageError.
Size size_of(std::span<const std::uint8_t> file);

/// Grey, palette, CMYK and 16-bit images become RGB of 8 bits, transparency is left out, orientation marks are not obeyed.
/// Throws ImageError, also for one that is cut off, and for data that turn out to be corrupt.
Image decode(std::span<const std::uint8_t> file);

// The two kinds, in files of their own.
Size jpeg_size(std::span<const std::uint8_t> file);
Image decode_jpeg(std::span<const std::uint8_t> file);
Size png_size(std::span<const std::uint8_t> file);
Image decode_png(std::span<const std::uint8_t> file);

/// Throws ImageError where a header states more than kMostPixels, or none.
void check_size(std::uint64_t width, std::uint64_t height);

}  // namespace telegrad::training::images
