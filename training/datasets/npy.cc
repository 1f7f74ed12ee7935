#include "training/datasets/npy_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "sim/core/errors.h"
#include "training/datasets/byte_images.h"
#include "training/datasets/file_bytes.h"
#include "training/datasets/targets.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLayout =
    "a folder 'train', and where there are test samples 'test', with inputs.npy and labels.npy";

/// Inputs as floats, whatever they were in the file.
class ArraySamples final : public Samples {
 public:
  ArraySamples(std::vector<float> inputs, std::size_t features, Targets targets)
      : Samples(targets.commonest(), targets.each()), inputs_(std::move(inputs)), features_(features),
        targets_(std::move(targets)) {}

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey*) const override {
    for (std::uint32_t sample : chosen) {
      std::memcpy(inputs, inputs_.data() + sample * features_, features_ * sizeof(float));
      inputs += features_;
      for (Label label : targets_.of(sample)) *targets++ = target_of(label);
    }
  }

 private:
  std::vector<float> inputs_;
  std::size_t features_;
  Targets targets_;
};

struct Part {
  NpyArray inputs;
  Targets targets;
  std::vector<std::int64_t> target_shape;
  std::uint32_t classes = 0;
};

InputShape shape_of(const std::vector<std::int64_t>& shape) {
  if (shape.size() == 2) return {1, 1, shape[1]};
  if (shape.size() == 3) return {1, shape[1], shape[2]};
  return {shape[1], shape[2], shape[3]};
}

Part read_part(const fs::path& folder, std::optional<std::int64_t> ignored) {
  Part part;
  part.inputs = read_npy(folder / "inputs.npy", {"<f4", "|u1"}, {2, 3, 4});
  const fs::path path = folder / "labels.npy";
  const NpyArray array = read_npy(path, npy_integers(), {1, 2, 3});
  if (array.shape[0] != part.inputs.shape[0]) {
    refuse(path,
           "has labels for " + grouped(static_cast<std::uint64_t>(array.shape[0])) +
               " samples, inputs.npy holds " + grouped(static_cast<std::uint64_t>(part.inputs.shape[0])),
           "write both from the same arrays");
  }
  std::vector<Label> labels;
  labels.reserve(array.elements());
  for (std::int64_t value : integers_of(array)) {
    const bool counts = !ignored || value != *ignored;
    if (counts && (value < 0 || value >= kNoLabel)) {
      refuse(path,
             "has the label " + std::to_string(value) + " at position " + std::to_string(labels.size()) +
                 ", expected 0 to 65534",
             "number the classes from 0, or give ignored_label");
    }
    labels.push_back(counts ? static_cast<Label>(value) : kNoLabel);
    if (counts) part.classes = std::max(part.classes, static_cast<std::uint32_t>(value) + 1);
  }
  part.target_shape.assign(array.shape.begin() + 1, array.shape.end());
  std::size_t each = 1;
  for (std::int64_t size : part.target_shape) each *= static_cast<std::size_t>(size);
  if (each == 1) part.target_shape.clear();
  part.targets = Targets(std::move(labels), each);
  return part;
}

std::vector<std::uint32_t> read_users(const fs::path& path, std::size_t samples) {
  if (!fs::exists(path)) return {};
  const std::vector<std::int64_t> values = integers_of(read_npy(path, npy_integers(), {1}));
  if (values.size() != samples) {
    refuse(path,
           "names users of " + grouped(values.size()) + " samples, inputs.npy holds " + grouped(samples),
           "write both from the same arrays");
  }
  std::vector<std::uint32_t> users;
  for (std::int64_t value : values) {
    if (value < 0 || value > 0xffffffffLL) {
      refuse(path, "has the user " + std::to_string(value) + ", expected 0 to 4294967295",
             "number the users from 0");
    }
    users.push_back(static_cast<std::uint32_t>(value));
  }
  return users;
}

/// Numbers of symbols, whatever type they are of.
std::vector<float> symbols_of(const NpyArray& inputs, const fs::path& path, std::uint32_t symbols) {
  std::vector<float> values = inputs.type == "<f4"
                                  ? floats_of(inputs, path)
                                  : std::vector<float>(inputs.data.begin(), inputs.data.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float value = values[i];
    if (value >= 0 && value < static_cast<float>(symbols) && value == std::floor(value)) continue;
    refuse(path,
           "has the input " + std::to_string(value) + " at position " + std::to_string(i) +
               ", expected whole numbers below the " + std::to_string(symbols) + " symbols",
           "number the symbols from 0, or raise /training/dataset/symbols");
  }
  return values;
}

/// Bytes are normalised channel by channel, as images are.
std::vector<float> inputs_of(const NpyArray& inputs, const fs::path& path, const InputShape& shape,
                             const std::vector<Shades>& shades) {
  if (inputs.type == "<f4") return floats_of(inputs, path);
  const auto plane = static_cast<std::size_t>(shape.height * shape.width);
  std::vector<float> values(inputs.data.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = shades[i / plane % shades.size()][inputs.data[i]];
  return values;
}

Dataset make(const Value& resolved, std::uint64_t) {
  const fs::path folder = resolved["folder"].text();
  if (!fs::is_directory(folder / "train"))
    refuse(folder, "has no folder 'train'", std::string("expected ") + kLayout);
  std::optional<std::int64_t> ignored;
  if (const Value* given = resolved.find("ignored_label")) ignored = given->integer();
  Part train = read_part(folder / "train", ignored);
  Dataset dataset;
  dataset.shape = shape_of(train.inputs.shape);
  const auto features = static_cast<std::size_t>(dataset.shape.features());
  std::vector<Shades> shades;
  if (const Value* symbols = resolved.find("symbols")) {
    dataset.symbols = static_cast<std::uint32_t>(symbols->integer());
  }
  if (train.inputs.type == "|u1" && dataset.symbols == 0)
    shades = normalised(train.inputs.data, dataset.shape);
  auto samples = [&](Part& part, const fs::path& from) {
    const fs::path path = from / "inputs.npy";
    return std::make_shared<ArraySamples>(dataset.symbols > 0
                                              ? symbols_of(part.inputs, path, dataset.symbols)
                                              : inputs_of(part.inputs, path, dataset.shape, shades),
                                          features, std::move(part.targets));
  };
  const auto& extents = train.target_shape;
  if (extents.size() == 2 && extents[0] != extents[1] && extents[0] == dataset.shape.width &&
      extents[1] == dataset.shape.height) {
    refuse(folder / "train" / "labels.npy", "has rows and columns the other way round than the images",
           "write labels [n, height, width] for images [n, channels, height, width]");
  }
  dataset.users = read_users(folder / "train" / "users.npy", static_cast<std::size_t>(train.inputs.shape[0]));
  dataset.classes = std::max(train.classes, 2U);
  dataset.target_shape = train.target_shape;
  if (fs::is_directory(folder / "test")) {
    Part test = read_part(folder / "test", ignored);
    const bool same = std::equal(train.inputs.shape.begin() + 1, train.inputs.shape.end(),
                                 test.inputs.shape.begin() + 1, test.inputs.shape.end());
    if (!same || test.inputs.type != train.inputs.type || test.target_shape != train.target_shape) {
      refuse(folder / "test", "has samples of another shape or type than the training samples",
             "write both from arrays of the same type and shape but for the number of samples");
    }
    dataset.classes = std::max(dataset.classes, test.classes);
    dataset.test = samples(test, folder / "test");
  } else {
    dataset.test =
        std::make_shared<ArraySamples>(std::vector<float>{}, features, Targets({}, train.targets.each()));
  }
  dataset.train = samples(train, folder / "train");
  if (dataset.target_shape.size() == 2) dataset.score = Score::mean_iou;
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = folder.string();
  return dataset;
}

}  // namespace

Entry<MakeDataset> npy_dataset() {
  return {
      {.name = "npy",
       .summary =
           "samples of one's own from NumPy files: a folder 'train' and perhaps 'test', each with inputs.npy "
           "and labels.npy; train/users.npy says whose a sample is",
       .source = "",
       .parameters =
           {text("folder",
                 "inputs: [n, features] or [n, channels, height, width], float32 as they are or uint8 to be "
                 "normalised; labels: [n], or [n, height, width] for segmentation; users: [n]"),
            integer("ignored_label", "stands for a target that does not count").in(-32768, 65535).optional(),
            integer(
                "symbols",
                "inputs are numbers of symbols below this, as models of text want them: taken as they are, "
                "uint8 too")
                .in(1, 65535)
                .optional(),
            validation_parameter(0)},
       .example = R"({"type": "npy", "folder": "samples", "validation": 100})"},
      {make, files_in_folder}};
}

}  // namespace telegrad::training
