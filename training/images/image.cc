#include "training/images/image.h"

#include <algorithm>
#include <array>
#include <string>

namespace telegrad::training::images {
namespace {

constexpr std::array<std::uint8_t, 3> kJpeg{0xff, 0xd8, 0xff};
constexpr std::array<std::uint8_t, 8> kPng{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

template <std::size_t N>
bool begins(std::span<const std::uint8_t> file, const std::array<std::uint8_t, N>& with) {
  return file.size() >= N && std::equal(with.begin(), with.end(), file.begin());
}

[[noreturn]] void refuse_kind() { throw ImageError("is neither JPEG nor PNG"); }

}  // namespace

void check_size(std::uint64_t width, std::uint64_t height) {
  constexpr auto kMost = static_cast<std::uint64_t>(kMostPixels);
  if (width == 0 || height == 0 || width > kMost || height > kMost / width) {
    throw ImageError("states a size of " + std::to_string(width) + "x" + std::to_string(height) +
                     " pixels, expected at most " + std::to_string(kMost) + " of them");
  }
}

Size size_of(std::span<const std::uint8_t> file) {
  if (begins(file, kJpeg)) return jpeg_size(file);
  if (begins(file, kPng)) return png_size(file);
  refuse_kind();
}

Image decode(std::span<const std::uint8_t> file) {
  if (begins(file, kJpeg)) return decode_jpeg(file);
  if (begins(file, kPng)) return decode_png(file);
  refuse_kind();
}

}  // namespace telegrad::training::images
