#include "training/datasets/byte_images.h"
#include "training/datasets/cifar.h"

namespace telegrad::training {
namespace {

Dataset make(const Value& resolved, std::uint64_t) {
  CifarFiles files{
      .train = {},
      .test = "test_batch.bin",
      .label_bytes = 1,
      .label_at = 0,
      .classes = 10,
      .whole_size = 30'730'000,
      .archive = "cifar-10-binary.tar.gz (170,052,171 bytes, md5 c32a1d4ab5d03f1284b67883e8d87530)"};
  for (int batch = 1; batch <= 5; ++batch)
    files.train.push_back("data_batch_" + std::to_string(batch) + ".bin");
  return read_cifar(files, resolved);
}

}  // namespace

Entry<MakeDataset> cifar10_dataset() {
  return {
      {.name = "cifar10",
       .summary = "50,000 and 10,000 colour images of 32x32 pixels in 10 classes, the binary version",
       .source = "Krizhevsky 2009",
       .parameters = {text("folder", "folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin"),
                      augmentation_parameter(), validation_parameter(5000)},
       .example = R"({"type": "cifar10", "folder": "cifar-10-batches-bin", "augment": true})"},
      {make, files_in_folder}};
}

}  // namespace telegrad::training
