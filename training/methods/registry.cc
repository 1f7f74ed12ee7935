#include "training/methods/compressor.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<Maker> name##_method();
#include "training/methods/list.def"
#undef TELEGRAD_ENTRY

const Registry<Maker>& methods() {
  static const Registry<Maker> registry("methods", "how a worker compresses its gradient for the up-link",
                                        {
#define TELEGRAD_ENTRY(name) name##_method(),
#include "training/methods/list.def"
#undef TELEGRAD_ENTRY
                                        });
  return registry;
}

}  // namespace telegrad::training
