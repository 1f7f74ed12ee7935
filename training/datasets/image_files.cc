#include "training/datasets/image_files.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "training/datasets/at_once.h"
#include "training/datasets/file_bytes.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;
constexpr std::size_t kMostHeaders = 20'000;
constexpr std::size_t kHeaderBytes = std::size_t{64} << 10;
constexpr const char* kRemedy = "copy it again from the archive, or remove it";
constexpr std::array<float, 3> kMeans{0.485F, 0.456F, 0.406F};
constexpr std::array<float, 3> kDeviations{0.229F, 0.224F, 0.225F};

void check_header(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> head(kHeaderBytes);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  try {
    try {
      (void)images::size_of(head);
    } catch (const images::ImageError&) {
      if (head.size() < kHeaderBytes) throw;
      (void)images::size_of(
          bytes_of(path, kMostBytes, kRemedy));  // a long preamble: camera settings, a preview
    }
  } catch (const images::ImageError& error) {
    refuse(path, error.what(), kRemedy);
  }
}

}  // namespace

std::vector<fs::path> images_in(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::string ending = entry.path().extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    if (ending == ".jpg" || ending == ".jpeg" || ending == ".png") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

images::Image read_image(const fs::path& path) {
  const auto bytes = bytes_of(path, kMostBytes, kRemedy);
  try {
    return images::decode(bytes);
  } catch (const images::ImageError& error) {
    refuse(path, error.what(), kRemedy);
  }
}

void check_headers(const std::vector<fs::path>& paths) {
  const std::size_t count = std::min(paths.size(), kMostHeaders);
  at_once(count, [&](std::size_t i) { check_header(paths[i * paths.size() / count]); });
}

void write_normalised(const images::Image& image, bool mirrored, float* input) {
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const float scale = 1 / (255 * kDeviations[channel]);
    const float offset = -kMeans[channel] / kDeviations[channel];
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const std::uint8_t* pixel = image.at(mirrored ? image.width - 1 - x : x, y);
        *input++ = static_cast<float>(pixel[channel]) * scale + offset;
      }
    }
  }
}

images::Box centre_box(images::Size image, int shorter, int size) {
  const std::int64_t least = std::min(image.width, image.height);
  const auto width = static_cast<double>(shorter * std::int64_t{image.width} / least);
  const auto height = static_cast<double>(shorter * std::int64_t{image.height} / least);
  const double across = image.width / width;
  const double down = image.height / height;
  return {.left = across * std::nearbyint((width - size) / 2),
          .top = down * std::nearbyint((height - size) / 2),
          .width = across * size,
          .height = down * size};
}

images::Box random_box(images::Size image, Stream& stream) {
  const double area = static_cast<double>(image.width) * image.height;
  const double widest = std::log(4.0 / 3);
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double share = 0.08 + 0.92 * stream.uniform();
    const double aspect = std::exp((2 * stream.uniform() - 1) * widest);
    const auto width = std::lround(std::sqrt(area * share * aspect));
    const auto height = std::lround(std::sqrt(area * share / aspect));
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue;
    const auto left = stream.below(static_cast<std::uint64_t>(image.width - width) + 1);
    const auto top = stream.below(static_cast<std::uint64_t>(image.height - height) + 1);
    return {static_cast<double>(left), static_cast<double>(top), static_cast<double>(width),
            static_cast<double>(height)};
  }
  const double width = std::min<double>(image.width, std::floor(image.height * 4.0 / 3));
  const double height = std::min<double>(image.height, std::floor(image.width * 4.0 / 3));
  return {std::floor((image.width - width) / 2), std::floor((image.height - height) / 2),
          std::max(width, 1.0), std::max(height, 1.0)};
}

}  // namespace telegrad::training
