#include "training/datasets/byte_images.h"
#include "training/datasets/cifar.h"

namespace telegrad::training {
namespace {

Dataset make(const Value& resolved, std::uint64_t) {
  const bool fine = resolved["labels"].text() == "fine";
  return read_cifar(
      {.train = {"train.bin"},
       .test = "test.bin",
       .label_bytes = 2,
       .label_at = fine ? 1U : 0U,
       .classes = fine ? 100U : 20U,
       .whole_size = 153'700'000,
       .archive = "cifar-100-binary.tar.gz (168,513,733 bytes, md5 03b5dce01913d631647c71ecec9e9cb8)"},
      resolved);
}

}  // namespace

Entry<MakeDataset> cifar100_dataset() {
  return {{.name = "cifar100",
           .summary = "50,000 and 10,000 colour images of 32x32 pixels in 100 classes, the binary version",
           .source = "Krizhevsky 2009",
           .parameters = {text("folder", "folder with train.bin and test.bin"),
                          choice("labels", {"fine", "coarse"}, "the 100 classes, or their 20 families")
                              .otherwise("fine"),
                          augmentation_parameter(), validation_parameter(5000)},
           .example = R"({"type": "cifar100", "folder": "cifar-100-binary", "augment": true})"},
          {make, files_in_folder}};
}

}  // namespace telegrad::training
