#include "training/downlinks/downlink.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<MakeDownlink> name##_downlink();
#include "training/downlinks/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeDownlink>& downlinks() {
  static const Registry<MakeDownlink> registry("downlinks", "how the hub's sum returns to the workers",
                                               {
#define TELEGRAD_ENTRY(name) name##_downlink(),
#include "training/downlinks/list.def"
#undef TELEGRAD_ENTRY
                                               });
  return registry;
}

}  // namespace telegrad::training
