#include <algorithm>

#include "training/datasets/at_once.h"
#include "training/datasets/byte_images.h"
#include "training/datasets/class_colours.h"
#include "training/datasets/file_bytes.h"
#include "training/datasets/image_files.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLayout =
    "expected folders 'train' and 'test' with images, 'train_labels' and 'test_labels' with as many label "
    "images, and "
    "class_dict.csv";

/// In memory, small as the model sees them.
struct Labelled {
  std::vector<std::uint8_t> pixels;  // [n, 3, height, width]
  std::vector<Label> labels;         // [n, height, width]
};

class LabelledImages final : public Samples {
 public:
  LabelledImages(std::vector<std::uint8_t> pixels, Targets targets, const InputShape& shape,
                 std::vector<Shades> shades, bool augment)
      : Samples(targets.commonest(), targets.each()), pixels_(std::move(pixels)),
        targets_(std::move(targets)), shape_(shape), shades_(std::move(shades)), augment_(augment) {}

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey* random) const override {
    const std::int64_t width = shape_.width;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const bool mirrored = random != nullptr && augment_ && stream_at(*random, i).below(2) == 1;
      const std::uint8_t* row = pixels_.data() + chosen[i] * static_cast<std::size_t>(shape_.features());
      for (const Shades& shades : shades_) {
        for (std::int64_t y = 0; y < shape_.height; ++y, row += width) {
          for (std::int64_t x = 0; x < width; ++x) *inputs++ = shades[row[mirrored ? width - 1 - x : x]];
        }
      }
      const Label* labels = targets_.of(chosen[i]).data();
      for (std::int64_t y = 0; y < shape_.height; ++y, labels += width) {
        for (std::int64_t x = 0; x < width; ++x) *targets++ = target_of(labels[mirrored ? width - 1 - x : x]);
      }
    }
  }

 private:
  std::vector<std::uint8_t> pixels_;
  Targets targets_;
  InputShape shape_;
  std::vector<Shades> shades_;
  bool augment_;
};

void write_planes(const images::Image& image, std::uint8_t* into) {
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t at = channel; at < image.pixels.size(); at += 3) *into++ = image.pixels[at];
  }
}

/// name.png or name_L.png.
fs::path label_image_of(const fs::path& image, const fs::path& folder) {
  const std::string stem = image.stem().string();
  for (const char* ending : {"_L.png", ".png"}) {
    const fs::path path = folder / (stem + ending);
    if (fs::exists(path)) return path;
  }
  refuse(folder / (stem + "_L.png"), "is missing, the label image of '" + image.string() + "'", kLayout);
}

Labelled read(const fs::path& folder, const std::string& part, const ClassColours& colours,
              images::Size size) {
  const std::vector<fs::path> paths = images_in(folder / part);
  if (paths.empty()) refuse(folder / part, "has no .png or .jpg images", kLayout);
  const auto area = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  Labelled all{std::vector<std::uint8_t>(paths.size() * 3 * area), std::vector<Label>(paths.size() * area)};
  at_once(paths.size(), [&](std::size_t i) {
    const fs::path label_path = label_image_of(paths[i], folder / (part + "_labels"));
    const images::Image image = read_image(paths[i]);
    const images::Image label_image = read_image(label_path);
    if (image.width != label_image.width || image.height != label_image.height) {
      refuse(label_path, "is of another size than '" + paths[i].string() + "'", kLayout);
    }
    const images::Box whole{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
    write_planes(images::resize(image, whole, size), all.pixels.data() + i * 3 * area);
    const std::vector<Label> labels = colours.labels_of(images::nearest(label_image, size), label_path);
    std::copy(labels.begin(), labels.end(), all.labels.begin() + static_cast<std::ptrdiff_t>(i * area));
  });
  return all;
}

Dataset make(const Value& resolved, std::uint64_t) {
  const fs::path folder = resolved["folder"].text();
  if (!fs::is_directory(folder)) refuse(folder, "is missing", kLayout);
  const Grouping grouping = resolved["classes"].text() == "eleven" ? Grouping::eleven : Grouping::none;
  const ClassColours colours(folder / "class_dict.csv", grouping);
  const std::int64_t width = resolved["width"].integer();
  const std::int64_t height = resolved["height"].integer();
  const images::Size size{static_cast<int>(width), static_cast<int>(height)};
  Labelled train = read(folder, "train", colours, size);
  Labelled test = read(folder, "test", colours, size);
  Dataset dataset;
  dataset.shape = {3, height, width};
  dataset.target_shape = {height, width};
  dataset.classes = colours.classes();
  const bool iou = resolved["accuracy"].text() == "mean_iou";
  dataset.score = iou ? Score::mean_iou : Score::share_of_right_targets;
  const std::vector<Shades> shades = normalised(train.pixels, dataset.shape);
  const auto each = static_cast<std::size_t>(width * height);
  auto samples = [&](Labelled& part) {
    return std::make_shared<LabelledImages>(std::move(part.pixels), Targets(std::move(part.labels), each),
                                            dataset.shape, shades, resolved["augment"].boolean());
  };
  dataset.train = samples(train);
  dataset.test = samples(test);
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = folder.string();
  return dataset;
}

}  // namespace

Entry<MakeDataset> camvid_dataset() {
  return {
      {.name = "camvid",
       .summary = "images of streets with a class for each pixel, by colour; accuracy is the mean IoU",
       .source = "Brostow, Fauqueur, Cipolla 2009",
       .parameters =
           {text("folder", "folder with train, train_labels, test, test_labels and class_dict.csv"),
            choice("classes", {"eleven", "all"},
                   "the eleven groups that most report, the rest does not count; or each class of "
                   "class_dict.csv but Void")
                .otherwise("eleven"),
            integer("height", "rows of the images as the model sees them").in(8, 4096).otherwise(360),
            integer("width", "columns of the images as the model sees them").in(8, 4096).otherwise(480),
            choice(
                "accuracy", {"mean_iou", "pixels"},
                "what results call accuracy: the mean intersection over union, or the share of right pixels")
                .otherwise("mean_iou"),
            boolean("augment", "training images are mirrored half of the time").otherwise(false),
            validation_parameter(0)},
       .example = R"({"type": "camvid", "folder": "CamVid", "augment": true})"},
      {make, files_in_folder}};
}

}  // namespace telegrad::training
