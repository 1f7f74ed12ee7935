#include "training/methods/compressor.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<MakeCompressor> name##_method();
#include "training/methods/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeCompressor>& methods() {
  static const Registry<MakeCompressor> registry("methods",
                                                 "how a worker compresses its gradient for the up-link",
                                                 {
#define TELEGRAD_ENTRY(name) name##_method(),
#include "training/methods/list.def"
#undef TELEGRAD_ENTRY
                                                 });
  return registry;
}

}  // namespace telegrad::training
