#include <algorithm>
#include <cmath>

#include "sim/core/errors.h"
#include "training/datasets/file_bytes.h"
#include "training/datasets/float_rows.h"
#include "training/datasets/leaf_file.h"
#include "training/datasets/vocabulary.h"

namespace telegrad::training {
namespace {

namespace fs = std::filesystem;

std::vector<Label> labels_of(const LeafData& data, const fs::path& folder, std::uint32_t& classes) {
  std::vector<Label> labels;
  for (double value : data.labels) {
    if (value < 0 || value > 65534 || value != std::floor(value)) {
      refuse(folder, "has the y " + std::to_string(value), "expected whole numbers from 0 to 65534");
    }
    labels.push_back(static_cast<Label>(value));
    classes = std::max(classes, static_cast<std::uint32_t>(value) + 1);
  }
  return labels;
}

InputShape shape_of(const Value& resolved, std::size_t features) {
  const Value* image = resolved.find("image");
  if (image == nullptr) return {1, 1, static_cast<std::int64_t>(features)};
  const Value::Array& sizes = image->items();
  InputShape shape{sizes[0].integer(), sizes[1].integer(), sizes[2].integer()};
  if (shape.features() != static_cast<std::int64_t>(features)) {
    throw ScenarioError("", {{"/training/dataset/image", 0, 0,
                              "an image of this size has " + std::to_string(shape.features()) +
                                  " values, the samples have " + std::to_string(features),
                              "for FEMNIST [1, 28, 28]"}});
  }
  return shape;
}

std::shared_ptr<const Samples> texts_of(const LeafData& data, const Vocabulary& vocabulary,
                                        std::size_t length) {
  std::vector<Label> text;
  std::vector<std::uint64_t> starts;
  for (const std::string& one : data.texts) {
    starts.push_back(text.size());
    const std::vector<Label> numbers = vocabulary.numbers(one);
    text.insert(text.end(), numbers.begin(), numbers.end());
  }
  return std::make_shared<TextSamples>(std::move(text), std::move(starts), length,
                                       NextCharacter::of_the_last);
}

void add_texts(Dataset& dataset, const LeafData& train, const LeafData& test) {
  const Vocabulary vocabulary({train.texts.begin(), train.texts.end()});
  const std::size_t length = train.texts.front().size() - 1;
  dataset.shape = {1, 1, static_cast<std::int64_t>(length)};
  dataset.classes = vocabulary.size();
  dataset.symbols = vocabulary.size();
  dataset.train = texts_of(train, vocabulary, length);
  dataset.test = texts_of(test, vocabulary, length);
}

void add_rows(Dataset& dataset, LeafData& train, LeafData& test, const Value& resolved) {
  const fs::path folder = resolved["folder"].text();
  dataset.shape = shape_of(resolved, train.features);
  dataset.classes = 2;
  auto labels = labels_of(train, folder / "train", dataset.classes);
  auto test_labels = labels_of(test, folder / "test", dataset.classes);
  dataset.train = std::make_shared<FloatRows>(std::move(labels), std::move(train.rows), train.features);
  dataset.test = std::make_shared<FloatRows>(std::move(test_labels), std::move(test.rows), train.features);
}

Dataset make(const Value& resolved, std::uint64_t) {
  const fs::path folder = resolved["folder"].text();
  LeafData train = read_leaf(folder / "train");
  LeafData test = read_leaf(folder / "test");
  const bool same_texts =
      train.texts.empty() ? test.texts.empty()
                          : !test.texts.empty() && train.texts.front().size() == test.texts.front().size();
  if (!same_texts || train.features != test.features) {
    refuse(folder / "test", "has samples of another kind or length than the training samples",
           "make both with one call of LEAF");
  }
  Dataset dataset;
  dataset.users = train.users;
  if (train.texts.empty()) {
    add_rows(dataset, train, test, resolved);
  } else {
    add_texts(dataset, train, test);
  }
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = folder.string();
  return dataset;
}

/// LEAF keeps all it has downloaded beside them.
std::vector<fs::path> files(const Value& resolved) {
  std::vector<fs::path> all = files_below(fs::path(resolved["folder"].text()) / "train");
  const std::vector<fs::path> test = files_below(fs::path(resolved["folder"].text()) / "test");
  all.insert(all.end(), test.begin(), test.end());
  return all;
}

}  // namespace

Entry<MakeDataset> leaf_dataset() {
  return {
      {.name = "leaf",
       .summary =
           "samples that know their user, from LEAF's JSON files: FEMNIST (EMNIST by writer), Shakespeare, "
           "synthetic",
       .source = "Caldas et al. 2018; Cohen et al. 2017",
       .parameters = {text("folder",
                           "folder with 'train' and 'test', each with .json files as LEAF's preprocess.sh "
                           "makes them; values are taken as they are"),
                      integers(
                          "image",
                          "[channels, height, width] of an input that is an image; [1, 28, 28] for FEMNIST")
                          .in(1, 4096)
                          .of_length(3, 3)
                          .optional(),
                      validation_parameter(0)},
       .example = R"({"type": "leaf", "folder": "leaf/data/femnist/data", "image": [1, 28, 28]})"},
      {make, files}};
}

}  // namespace telegrad::training
