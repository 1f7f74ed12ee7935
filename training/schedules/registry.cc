#include "training/schedules/schedule.h"

namespace telegrad::training {

#define TELEGRAD_ENTRY(name) Entry<MakeSchedule> name##_schedule();
#include "training/schedules/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeSchedule>& schedules() {
  static const Registry<MakeSchedule> registry("schedules", "how the learning rate changes over the rounds",
                                               {
#define TELEGRAD_ENTRY(name) name##_schedule(),
#include "training/schedules/list.def"
#undef TELEGRAD_ENTRY
                                               });
  return registry;
}

}  // namespace telegrad::training
