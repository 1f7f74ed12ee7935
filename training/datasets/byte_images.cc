#include "training/datasets/byte_images.h"

#include <cmath>
#include <utility>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

constexpr std::int64_t kPadding = 4;

Shades shades_of(const std::array<std::uint64_t, 256>& histogram) {
  double count = 0;
  double sum = 0;
  double squares = 0;
  for (std::size_t shade = 0; shade < 256; ++shade) {
    count += static_cast<double>(histogram[shade]);
    sum += static_cast<double>(histogram[shade] * shade);
    squares += static_cast<double>(histogram[shade] * shade * shade);
  }
  const double mean = sum / count;
  const double variance = squares / count - mean * mean;
  const double deviation = variance > 0 ? std::sqrt(variance) : 1.0;
  Shades shades{};
  for (std::size_t shade = 0; shade < 256; ++shade) {
    shades[shade] = static_cast<float>((static_cast<double>(shade) - mean) / deviation);
  }
  return shades;
}

}  // namespace

std::vector<Shades> normalised(const std::vector<std::uint8_t>& pixels, const InputShape& shape) {
  const auto plane = static_cast<std::size_t>(shape.height * shape.width);
  const auto channels = static_cast<std::size_t>(shape.channels);
  std::vector<std::array<std::uint64_t, 256>> histograms(channels);
  for (std::size_t from = 0, channel = 0; from < pixels.size();
       from += plane, channel = (channel + 1) % channels) {
    for (std::size_t i = 0; i < plane; ++i) ++histograms[channel][pixels[from + i]];
  }
  std::vector<Shades> shades;
  for (const auto& histogram : histograms) shades.push_back(shades_of(histogram));
  return shades;
}

Parameter augmentation_parameter() {
  return boolean(
             "augment",
             "training images are shifted by up to four pixels, with black round them, and mirrored half of "
             "the time")
      .otherwise(false);
}

Augmentation augmentation_of(const Value& resolved) {
  return resolved["augment"].boolean() ? Augmentation::shift_and_mirror : Augmentation::none;
}

ByteImages::ByteImages(std::vector<Label> labels, std::vector<std::uint8_t> pixels, const InputShape& shape,
                       std::vector<Shades> shades, Augmentation augmentation)
    : Samples(std::move(labels)), pixels_(std::move(pixels)), shape_(shape), shades_(std::move(shades)),
      augmentation_(augmentation) {
  expect(pixels_.size() == size() * static_cast<std::size_t>(shape_.features()), "as many images as labels");
}

void ByteImages::fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
                      const StreamKey* random) const {
  const auto features = static_cast<std::size_t>(shape_.features());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::uint8_t* image = pixels_.data() + chosen[i] * features;
    targets[i] = labels()[chosen[i]];
    if (random != nullptr && augmentation_ == Augmentation::shift_and_mirror) {
      Stream stream = stream_at(*random, i);
      copy_changed(image, inputs + i * features, stream);
    } else {
      copy(image, inputs + i * features);
    }
  }
}

void ByteImages::copy(const std::uint8_t* image, float* input) const {
  const std::int64_t plane = shape_.height * shape_.width;
  for (const Shades& shades : shades_) {
    for (std::int64_t i = 0; i < plane; ++i) *input++ = shades[*image++];
  }
}

void ByteImages::copy_changed(const std::uint8_t* image, float* input, Stream& stream) const {
  const std::int64_t down = static_cast<std::int64_t>(stream.below(2 * kPadding + 1)) - kPadding;
  const std::int64_t right = static_cast<std::int64_t>(stream.below(2 * kPadding + 1)) - kPadding;
  const bool mirrored = stream.below(2) == 1;
  for (const Shades& shades : shades_) {
    for (std::int64_t row = 0; row < shape_.height; ++row) {
      for (std::int64_t column = 0; column < shape_.width; ++column) {
        const std::int64_t y = row + down;
        const std::int64_t x = (mirrored ? shape_.width - 1 - column : column) + right;
        const bool inside = y >= 0 && y < shape_.height && x >= 0 && x < shape_.width;
        *input++ = shades[inside ? image[y * shape_.width + x] : 0];
      }
    }
    image += shape_.height * shape_.width;
  }
}

}  // namespace telegrad::training
