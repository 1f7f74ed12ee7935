#include "training/schedules/schedule.h"

namespace telegrad::training {

Entry<MakeSchedule> constant_schedule() {
  return {{.name = "constant",
           .summary = "the same learning rate in all rounds",
           .source = "",
           .parameters = {warmup_parameter()},
           .example = R"({"type": "constant", "warmup_rounds": 5})"},
          [](const Value&) -> Schedule { return [](std::uint64_t) { return 1.0; }; }};
}

}  // namespace telegrad::training
