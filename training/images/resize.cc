#include "training/images/resize.h"

#include <algorithm>
#include <cmath>

#include "sim/core/errors.h"

namespace telegrad::training::images {
namespace {

/// What one pixel of the result is made of, along one side.
struct Mix {
  int first = 0;
  std::vector<float> weights;  // add up to 1
};

std::vector<Mix> mixes(double from, double length, int available, int wanted) {
  const double scale = length / wanted;
  const double reach = std::max(scale, 1.0);
  std::vector<Mix> all;
  for (int i = 0; i < wanted; ++i) {
    const double centre = from + (i + 0.5) * scale;
    const int first =
        std::clamp(static_cast<int>(std::lround(std::floor(centre - reach + 0.5))), 0, available - 1);
    const int last =
        std::clamp(static_cast<int>(std::lround(std::floor(centre + reach + 0.5))), first + 1, available);
    Mix mix{first, {}};
    double sum = 0;
    for (int at = first; at < last; ++at) {
      const double weight = std::max(0.0, 1 - std::abs(at + 0.5 - centre) / reach);
      mix.weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : mix.weights) weight = sum > 0 ? static_cast<float>(weight / sum) : 0.0F;
    if (sum <= 0) mix.weights.front() = 1;
    all.push_back(std::move(mix));
  }
  return all;
}

}  // namespace

Image resize(const Image& image, const Box& box, Size size) {
  expect(box.width > 0 && box.height > 0, "a box of some size");
  const auto columns = mixes(box.left, box.width, image.width, size.width);
  const auto rows = mixes(box.top, box.height, image.height, size.height);
  const int top = rows.front().first;
  const int bottom = rows.back().first + static_cast<int>(rows.back().weights.size());
  const auto stride = static_cast<std::size_t>(size.width) * 3;
  // Only the rows that count, made as narrow as the result.
  std::vector<float> narrow(static_cast<std::size_t>(bottom - top) * stride);
  float* into = narrow.data();
  for (int y = top; y < bottom; ++y) {
    for (const Mix& mix : columns) {
      float sum[3] = {0, 0, 0};
      const std::uint8_t* pixel = image.at(mix.first, y);
      for (float weight : mix.weights) {
        for (float& channel : sum) channel += weight * static_cast<float>(*pixel++);
      }
      for (float channel : sum) *into++ = channel;
    }
  }
  Image result{size.width, size.height, {}};
  result.pixels.reserve(static_cast<std::size_t>(size.height) * stride);
  std::vector<float> row(stride);
  for (const Mix& mix : rows) {
    std::fill(row.begin(), row.end(), 0.5F);  // rounds
    const float* from = narrow.data() + static_cast<std::size_t>(mix.first - top) * stride;
    for (float weight : mix.weights) {
      for (float& value : row) value += weight * *from++;
    }
    for (float value : row)
      result.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F)));
  }
  return result;
}

Image nearest(const Image& image, Size size) {
  Image result{size.width, size.height, {}};
  for (std::int64_t y = 0; y < size.height; ++y) {
    const auto from_y = static_cast<int>((2 * y + 1) * image.height / (2 * size.height));
    for (std::int64_t x = 0; x < size.width; ++x) {
      const auto from_x = static_cast<int>((2 * x + 1) * image.width / (2 * size.width));
      const std::uint8_t* pixel = image.at(from_x, from_y);
      result.pixels.insert(result.pixels.end(), pixel, pixel + 3);
    }
  }
  return result;
}

}  // namespace telegrad::training::images
