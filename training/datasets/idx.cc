#include "training/datasets/images.h"

namespace telegrad::training {
namespace {

Dataset make(const Value& resolved, std::uint64_t) {
  return read_images(resolved["folder"].text(), static_cast<std::uint64_t>(resolved["validation"].integer()));
}

}  // namespace

Entry<MakeDataset> idx_dataset() {
  return {{.name = "idx",
           .summary = "images of a folder in MNIST's IDX files, with or without .gz",
           .source = "LeCun, Cortes, Burges 1998",
           .parameters = {text("folder", "folder with train-images-idx3-ubyte and its three kin"),
                          validation_parameter(5000)},
           .example = R"({"type": "idx", "folder": "/usr/share/datasets/fashion-mnist"})"},
          {make, files_in_folder}};
}

}  // namespace telegrad::training
