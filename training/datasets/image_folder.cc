#include <algorithm>
#include <map>

#include "training/datasets/file_bytes.h"
#include "training/datasets/image_cache.h"
#include "training/datasets/image_files.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

struct Shaping {
  int size = 224;     // of the square that the model sees
  int shorter = 256;  // side of a test image, of which it is cut
  bool augment = false;
};

/// Reads a batch's images when they are asked for, in the jobs that compute gradients: their threads load.
class FolderImages final : public Samples {
 public:
  FolderImages(std::vector<fs::path> paths, std::vector<Label> labels, const Shaping& shaping,
               std::size_t cache_bytes)
      : Samples(std::move(labels)), paths_(std::move(paths)), shaping_(shaping), cache_(cache_bytes) {}

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey* random) const override {
    const images::Size square{shaping_.size, shaping_.size};
    const auto features =
        3 * static_cast<std::size_t>(shaping_.size) * static_cast<std::size_t>(shaping_.size);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const std::uint32_t sample = chosen[i];
      targets[i] = labels()[sample];
      const auto image = cache_.get(sample, [&] { return read_image(paths_[sample]); });
      const images::Size size{image->width, image->height};
      if (random == nullptr || !shaping_.augment) {
        const images::Box box = centre_box(size, shaping_.shorter, shaping_.size);
        write_normalised(images::resize(*image, box, square), false, inputs + i * features);
      } else {
        Stream stream = stream_at(*random, i);
        const images::Box box = random_box(size, stream);
        const bool mirrored = stream.below(2) == 1;
        write_normalised(images::resize(*image, box, square), mirrored, inputs + i * features);
      }
    }
  }

 private:
  std::vector<fs::path> paths_;
  Shaping shaping_;
  mutable ImageCache cache_;
};

struct Found {
  std::vector<fs::path> paths;
  std::vector<Label> labels;
};

constexpr const char* kLayout =
    "expected folders 'train' and 'val', in each a folder for each class with its .jpg or .png images, as "
    "ImageNet is unpacked";

std::vector<std::string> classes_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Found find(const fs::path& folder, const std::vector<std::string>& classes) {
  Found found;
  for (const std::string& name : classes_in(folder)) {
    const auto known = std::lower_bound(classes.begin(), classes.end(), name);
    if (known == classes.end() || *known != name) {
      refuse(folder / name, "is a class of which 'train' has no images", kLayout);
    }
    const std::vector<fs::path> paths = images_in(folder / name);
    if (paths.empty()) refuse(folder / name, "has no .jpg or .png images", kLayout);
    found.paths.insert(found.paths.end(), paths.begin(), paths.end());
    found.labels.insert(found.labels.end(), paths.size(), static_cast<Label>(known - classes.begin()));
  }
  check_headers(found.paths);
  return found;
}

Dataset make(const Value& resolved, std::uint64_t) {
  const fs::path folder = resolved["folder"].text();
  const std::vector<std::string> classes = classes_in(folder / "train");
  if (classes.size() < 2 || classes.size() > 65535) {
    refuse(folder / "train", "has " + grouped(classes.size()) + " folders of classes, expected 2 to 65,535",
           kLayout);
  }
  if (!fs::is_directory(folder / "val")) {
    refuse(folder, "has no folder 'val' of test images",
           std::string(kLayout) + "; where there are none make an empty folder 'val'");
  }
  const Shaping shaping{.size = static_cast<int>(resolved["size"].integer()),
                        .shorter = static_cast<int>(resolved["resize"].integer()),
                        .augment = resolved["augment"].boolean()};
  const auto cache = static_cast<std::size_t>(resolved["cache_mb"].integer()) << 20;
  Dataset dataset;
  dataset.shape = {3, shaping.size, shaping.size};
  dataset.classes = static_cast<std::uint32_t>(classes.size());
  Found train = find(folder / "train", classes);
  Found test = find(folder / "val", classes);
  dataset.train =
      std::make_shared<FolderImages>(std::move(train.paths), std::move(train.labels), shaping, cache);
  dataset.test =
      std::make_shared<FolderImages>(std::move(test.paths), std::move(test.labels), shaping, cache);
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = folder.string();
  return dataset;
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  if (resolved["resize"].integer() >= resolved["size"].integer()) return;
  problems.push_back({"/resize", 0, 0,
                      "a square of " + std::to_string(resolved["size"].integer()) +
                          " pixels cannot be cut of less, expected at least 'size'",
                      ""});
}

/// Not what else lies there: archives, class lists.
std::vector<fs::path> files(const Value& resolved) {
  const fs::path folder = resolved["folder"].text();
  std::vector<fs::path> all = files_below(folder / "train");
  const std::vector<fs::path> test = files_below(folder / "val");
  all.insert(all.end(), test.begin(), test.end());
  return all;
}

}  // namespace

Entry<MakeDataset> image_folder_dataset() {
  return {
      {.name = "image_folder",
       .summary = "JPEG and PNG images in ImageNet's layout, read when a batch needs them",
       .source = "Deng et al. 2009; Szegedy et al. 2015",
       .parameters = {text("folder", "folder with 'train' and 'val', in each a folder for each class"),
                      integer("size", "side of the square that the model sees")
                          .in(1, 4096)
                          .measured_in("pixels")
                          .otherwise(224),
                      integer("resize", "the shorter side becomes this before the middle is cut out")
                          .in(1, 4096)
                          .measured_in("pixels")
                          .otherwise(256),
                      boolean("augment",
                              "training images are a random crop, of 8 to 100 % of the area, mirrored half "
                              "of the time, instead of the middle")
                          .otherwise(false),
                      integer("cache_mb",
                              "memory for decoded images, each for training and test; what does not fit is "
                              "decoded anew for every batch")
                          .in(0, 1e6)
                          .measured_in("MiB")
                          .otherwise(512),
                      validation_parameter(0)},
       .example = R"({"type": "image_folder", "folder": "imagenet", "augment": true})",
       .check = check},
      {make, files}};
}

}  // namespace telegrad::training
