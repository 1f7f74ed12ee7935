#include "training/datasets/images.h"

namespace telegrad::training {
namespace {

Dataset make(const Value& resolved, std::uint64_t) {
  const std::filesystem::path folder = kFashionMnist;
  if (!std::filesystem::exists(folder)) {
    throw RunError(Failure::bad_data, "Fashion-MNIST is not installed ('" + folder.string() +
                                          "' is missing); install the Debian package dataset-fashion-mnist");
  }
  return read_images(folder, static_cast<std::uint64_t>(resolved["validation"].integer()));
}

}  // namespace

Entry<MakeDataset> fashion_mnist_dataset() {
  return {{.name = "fashion_mnist",
           .summary = "60,000 and 10,000 images of 28x28 pixels, 10 kinds of clothes (Debian's package)",
           .source = "Xiao, Rasul, Vollgraf 2017",
           .parameters = {validation_parameter(5000)},
           .example = R"({"type": "fashion_mnist", "validation": 5000})"},
          {make, [](const Value&) { return files_below(kFashionMnist); }}};
}

}  // namespace telegrad::training
