#include "training/datasets/cifar.h"

#include "training/datasets/byte_images.h"
#include "training/datasets/file_bytes.h"

namespace telegrad::training {
namespace {

constexpr InputShape kShape{3, 32, 32};
constexpr std::size_t kPixels = 3 * 32 * 32;
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;

struct Images {
  std::vector<Label> labels;
  std::vector<std::uint8_t> pixels;
};

void append(Images& images, const std::filesystem::path& path, const CifarFiles& files) {
  const std::string remedy = "unpack " + files.archive + " and give the folder that holds the .bin files";
  const std::size_t record = files.label_bytes + kPixels;
  const auto bytes = bytes_of(path, kMostBytes, remedy);
  if (bytes.empty() || bytes.size() % record != 0) {
    refuse(path,
           "has " + grouped(bytes.size()) + " bytes, which is no number of records of " + grouped(record) +
               " bytes (a whole one of this name has " + grouped(files.whole_size) + ")",
           remedy);
  }
  for (std::size_t from = 0; from < bytes.size(); from += record) {
    const Label label = bytes[from + files.label_at];
    if (label >= files.classes) {
      refuse(path,
             "has the label " + std::to_string(label) + " at byte " + grouped(from + files.label_at) +
                 ", expected less than " + std::to_string(files.classes),
             remedy);
    }
    images.labels.push_back(label);
    const auto image = bytes.begin() + static_cast<std::ptrdiff_t>(from + files.label_bytes);
    images.pixels.insert(images.pixels.end(), image, image + static_cast<std::ptrdiff_t>(kPixels));
  }
}

}  // namespace

Dataset read_cifar(const CifarFiles& files, const Value& resolved) {
  const std::filesystem::path folder = resolved["folder"].text();
  Images train;
  Images test;
  for (const std::string& name : files.train) append(train, folder / name, files);
  CifarFiles test_files = files;
  if (files.train.size() == 1) test_files.whole_size /= 5;  // 50,000 and 10,000 images
  append(test, folder / files.test, test_files);
  Dataset dataset;
  dataset.shape = kShape;
  dataset.classes = files.classes;
  const std::vector<Shades> shades = normalised(train.pixels, kShape);
  dataset.train = std::make_shared<ByteImages>(std::move(train.labels), std::move(train.pixels), kShape,
                                               shades, augmentation_of(resolved));
  dataset.test = std::make_shared<ByteImages>(std::move(test.labels), std::move(test.pixels), kShape, shades);
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = folder.string();
  return dataset;
}

}  // namespace telegrad::training
