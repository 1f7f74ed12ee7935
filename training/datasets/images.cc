#include "training/datasets/images.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/core/errors.h"
#include "training/datasets/idx_file.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;
using Shades = std::array<float, 256>;  // what a model sees for each byte

class ByteImages final : public Samples {
 public:
  ByteImages(std::vector<std::uint8_t> labels, std::vector<std::uint8_t> pixels, std::size_t features,
             const Shades& shades)
      : Samples(std::move(labels)), pixels_(std::move(pixels)), features_(features), shades_(shades) {}

 protected:
  void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const override {
    for (std::uint32_t sample : chosen) {
      const std::uint8_t* from = pixels_.data() + std::size_t{sample} * features_;
      for (std::size_t i = 0; i < features_; ++i) inputs[i] = shades_[from[i]];
      inputs += features_;
    }
  }

 private:
  std::vector<std::uint8_t> pixels_;
  std::size_t features_;
  Shades shades_;
};

fs::path find_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {".gz", ""}) {
    fs::path path = folder / (name + ending);
    if (fs::exists(path)) return path;
  }
  throw RunError(Failure::bad_data, "'" + folder.string() + "' has no file " + name + " or " + name +
                                        ".gz; give a folder with the four IDX files of MNIST or its kin");
}

Shades normalised(const std::vector<std::uint8_t>& pixels) {
  std::array<std::uint64_t, 256> histogram{};
  for (std::uint8_t pixel : pixels) ++histogram[pixel];
  double sum = 0;
  double squares = 0;
  for (std::size_t shade = 0; shade < 256; ++shade) {
    sum += static_cast<double>(histogram[shade] * shade);
    squares += static_cast<double>(histogram[shade] * shade * shade);
  }
  double mean = sum / static_cast<double>(pixels.size());
  double variance = squares / static_cast<double>(pixels.size()) - mean * mean;
  double deviation = variance > 0 ? std::sqrt(variance) : 1.0;
  Shades shades{};
  for (std::size_t shade = 0; shade < 256; ++shade) {
    shades[shade] = static_cast<float>((static_cast<double>(shade) - mean) / deviation);
  }
  return shades;
}

struct Raw {
  IdxFile images;
  IdxFile labels;
};

Raw read_pair(const fs::path& folder, const std::string& prefix) {
  fs::path images = find_file(folder, prefix + "-images-idx3-ubyte");
  fs::path labels = find_file(folder, prefix + "-labels-idx1-ubyte");
  Raw raw{read_idx(images, 3), read_idx(labels, 1)};
  if (raw.images.sizes[0] != raw.labels.sizes[0]) {
    throw RunError(Failure::bad_data, "'" + images.string() + "' holds " +
                                          std::to_string(raw.images.sizes[0]) + " images, but '" +
                                          labels.string() + "' " + std::to_string(raw.labels.sizes[0]) +
                                          " labels");
  }
  return raw;
}

}  // namespace

Dataset read_images(const fs::path& folder, std::uint64_t validation) {
  Raw train = read_pair(folder, "train");
  Raw test = read_pair(folder, "t10k");
  auto same =
      std::equal(train.images.sizes.begin() + 1, train.images.sizes.end(), test.images.sizes.begin() + 1);
  if (!same)
    throw RunError(Failure::bad_data, "training and test images of '" + folder.string() + "' differ in size");
  Dataset dataset;
  dataset.shape = {1, train.images.sizes[1], train.images.sizes[2]};
  auto features = static_cast<std::size_t>(dataset.shape.features());
  std::uint8_t highest = std::max(*std::max_element(train.labels.data.begin(), train.labels.data.end()),
                                  *std::max_element(test.labels.data.begin(), test.labels.data.end()));
  dataset.classes = highest + 1U;
  Shades shades = normalised(train.images.data);
  dataset.train = std::make_shared<ByteImages>(std::move(train.labels.data), std::move(train.images.data),
                                               features, shades);
  dataset.test = std::make_shared<ByteImages>(std::move(test.labels.data), std::move(test.images.data),
                                              features, shades);
  dataset.validation = validation;
  dataset.origin = folder.string();
  return dataset;
}

}  // namespace telegrad::training
