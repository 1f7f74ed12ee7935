#include "training/models/model.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<MakeModel> name##_model();
#include "training/models/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeModel>& models() {
  static const Registry<MakeModel> registry("models", "what the workers train",
                                            {
#define TELEGRAD_ENTRY(name) name##_model(),
#include "training/models/list.def"
#undef TELEGRAD_ENTRY
                                            });
  return registry;
}

}  // namespace telegrad::training
