#include <algorithm>
#include <string>

#include "sim/core/errors.h"
#include "training/datasets/dataset.h"
#include "training/datasets/libsvm_file.h"

namespace telegrad::training {
namespace {

/// Sparse in memory; dense only in the batch at hand.
class SparseSamples final : public Samples {
 public:
  SparseSamples(std::vector<Label> classes, SparseRows rows, std::size_t features)
      : Samples(std::move(classes)), rows_(std::move(rows)), features_(features) {}

 protected:
  void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const override {
    std::fill_n(inputs, chosen.size() * features_, 0.0F);
    for (std::uint32_t sample : chosen) {
      for (auto at = rows_.starts[sample]; at < rows_.starts[sample + 1]; ++at) {
        inputs[rows_.columns[at]] = rows_.values[at];
      }
      inputs += features_;
    }
  }

 private:
  SparseRows rows_;
  std::size_t features_;
};

/// The labels that occur, rising: -1 and +1 become the classes 0 and 1.
std::vector<double> distinct(std::vector<double> labels, const std::string& path) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  if (labels.size() < 2 || labels.size() > 65535) {
    throw RunError(Failure::bad_data, "'" + path + "' has " + std::to_string(labels.size()) +
                                          " different labels, expected 2 to 65535 classes");
  }
  return labels;
}

std::vector<Label> classes_of(const SparseRows& rows, const std::vector<double>& known,
                              const std::string& path) {
  std::vector<Label> classes;
  for (double label : rows.labels) {
    auto at = std::lower_bound(known.begin(), known.end(), label);
    if (at == known.end() || *at != label) {
      throw RunError(Failure::bad_data, "'" + path + "' has the label " + std::to_string(label) +
                                            ", which no training sample has");
    }
    classes.push_back(static_cast<Label>(at - known.begin()));
  }
  return classes;
}

Dataset make(const Value& resolved, std::uint64_t) {
  const std::string& path = resolved["path"].text();
  const Value* test_path = resolved.find("test_path");
  SparseRows train = read_libsvm(path);
  SparseRows test = test_path != nullptr ? read_libsvm(test_path->text()) : SparseRows{};
  std::uint32_t features = std::max({train.features, test.features, 1U});
  if (const Value* given = resolved.find("dimensions")) {
    if (features > static_cast<std::uint64_t>(given->integer())) {
      throw RunError(Failure::bad_data, "the samples have indices up to " + std::to_string(features) +
                                            ", more than the dimensions in /training/dataset");
    }
    features = static_cast<std::uint32_t>(given->integer());
  }
  const std::vector<double> known = distinct(train.labels, path);
  Dataset dataset;
  dataset.shape = {1, 1, features};
  dataset.classes = static_cast<std::uint32_t>(known.size());
  auto classes = classes_of(train, known, path);
  auto test_classes = classes_of(test, known, test_path != nullptr ? test_path->text() : "");
  dataset.train = std::make_shared<SparseSamples>(std::move(classes), std::move(train), features);
  dataset.test = std::make_shared<SparseSamples>(std::move(test_classes), std::move(test), features);
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = path;
  return dataset;
}

std::vector<std::filesystem::path> files(const Value& resolved) {
  std::vector<std::filesystem::path> paths{resolved["path"].text()};
  if (const Value* test_path = resolved.find("test_path")) paths.emplace_back(test_path->text());
  return paths;
}

}  // namespace

Entry<MakeDataset> libsvm_dataset() {
  return {
      {.name = "libsvm",
       .summary = "sparse samples from text files: label index:value ..., as RCV1 and epsilon are published",
       .source = "Chang and Lin 2011",
       .parameters = {text("path", "file with the training samples, not compressed; indices from 1"),
                      text("test_path", "file with the test samples; without it there are none").optional(),
                      integer("dimensions", "length of an input; without it the largest index of the files")
                          .in(1, 1e7)
                          .optional(),
                      validation_parameter(0)},
       .example = R"({"type": "libsvm", "path": "rcv1_train.binary", "validation": 1000})"},
      {make, files}};
}

}  // namespace telegrad::training
