#include "training/optimizers/optimizer.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<MakeOptimizer> name##_optimizer();
#include "training/optimizers/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeOptimizer>& optimizers() {
  static const Registry<MakeOptimizer> registry("optimizers", "how an averaged update changes the model",
                                                {
#define TELEGRAD_ENTRY(name) name##_optimizer(),
#include "training/optimizers/list.def"
#undef TELEGRAD_ENTRY
                                                });
  return registry;
}

}  // namespace telegrad::training
