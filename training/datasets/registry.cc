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

}  // namespace telegrad::training
