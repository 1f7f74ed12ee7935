#include "training/datasets/images.h"

#include <algorithm>

#include "sim/core/errors.h"
#include "training/datasets/byte_images.h"
#include "training/datasets/idx_file.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

fs::path find_file(const fs::path& folder, const std::string& name) {
  for (const char* ending : {".gz", ""}) {
    fs::path path = folder / (name + ending);
    if (fs::exists(path)) return path;
  }
  throw RunError(Failure::bad_data, "'" + folder.string() + "' has no file " + name + " or " + name +
                                        ".gz; give a folder with the four IDX files of MNIST or its kin");
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
  std::uint8_t highest = std::max(*std::max_element(train.labels.data.begin(), train.labels.data.end()),
                                  *std::max_element(test.labels.data.begin(), test.labels.data.end()));
  dataset.classes = highest + 1U;
  const std::vector<Shades> shades = normalised(train.images.data, dataset.shape);
  auto images = [&](Raw& raw) {
    return std::make_shared<ByteImages>(std::vector<Label>(raw.labels.data.begin(), raw.labels.data.end()),
                                        std::move(raw.images.data), dataset.shape, shades);
  };
  dataset.train = images(train);
  dataset.test = images(test);
  dataset.validation = validation;
  dataset.origin = folder.string();
  return dataset;
}

}  // namespace telegrad::training
