#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "training/datasets/dataset.h"

namespace telegrad::training {

/// What a model sees for each byte of a channel.
using Shades = std::array<float, 256>;

/// For each channel those that give these pixels the mean 0 and the deviation 1. pixels: [n, channels, height, width].
std::vector<Shades> normalised(const std::vector<std::uint8_t>& pixels, const InputShape& shape);

/// Whether training batches are shifted and mirrored: four black pixels round an image, a crop of its size at a random
/// place, mirrored half of the time. (He et al. 2016)
enum class Augmentation { none, shift_and_mirror };
Parameter augmentation_parameter();
Augmentation augmentation_of(const Value& resolved);

/// Images in memory, a byte for each value: [n, channels, height, width].
class ByteImages final : public Samples {
 public:
  ByteImages(std::vector<Label> labels, std::vector<std::uint8_t> pixels, const InputShape& shape,
             std::vector<Shades> shades, Augmentation augmentation = Augmentation::none);

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey* random) const override;

 private:
  void copy(const std::uint8_t* image, float* input) const;
  void copy_changed(const std::uint8_t* image, float* input, Stream& stream) const;

  std::vector<std::uint8_t> pixels_;
  InputShape shape_;
  std::vector<Shades> shades_;
  Augmentation augmentation_;
};

}  // namespace telegrad::training
