#include <algorithm>

#include "training/datasets/images.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<MakeDataset> name##_dataset();
#include "training/datasets/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeDataset>& datasets() {
  static const Registry<MakeDataset> registry("datasets", "what the workers learn from",
                                              {
#define TELEGRAD_ENTRY(name) name##_dataset(),
#include "training/datasets/list.def"
#undef TELEGRAD_ENTRY
                                              });
  return registry;
}

std::vector<std::filesystem::path> files_of(const Value& resolved) {
  const Value* named = resolved.find("folder");
  std::string folder = named != nullptr ? named->text() : "";
  if (resolved["type"].text() == "fashion_mnist") folder = kFashionMnist;
  std::vector<std::filesystem::path> files;
  for (const char* name : {"path", "test_path"}) {
    if (const Value* path = resolved.find(name)) files.emplace_back(path->text());
  }
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator(folder, gone)) {
    if (entry.is_regular_file(gone)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace telegrad::training
