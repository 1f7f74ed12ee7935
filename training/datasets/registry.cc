#include <algorithm>

#include "training/datasets/dataset.h"

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
  const MakeDataset& made = datasets().at(resolved["type"].text()).make;
  if (!made.files) return {};
  std::vector<std::filesystem::path> files = made.files(resolved);
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace telegrad::training
