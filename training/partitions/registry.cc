#include "training/partitions/partition.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<Divide> name##_partition();
#include "training/partitions/list.def"
#undef TELEGRAD_ENTRY

const Registry<Divide>& partitions() {
  static const Registry<Divide> registry("partitions", "which worker holds which samples",
                                         {
#define TELEGRAD_ENTRY(name) name##_partition(),
#include "training/partitions/list.def"
#undef TELEGRAD_ENTRY
                                         });
  return registry;
}

}  // namespace telegrad::training
