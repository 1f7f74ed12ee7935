#include <cmath>

#include "training/schedules/schedule.h"

namespace telegrad::training {
namespace {

Schedule make(const Value& resolved) {
  auto every = static_cast<std::uint64_t>(resolved["every_rounds"].integer());
  double factor = resolved["factor"].number();
  return [=](std::uint64_t round) { return std::pow(factor, static_cast<double>((round - 1) / every)); };
}

}  // namespace

Entry<MakeSchedule> step_schedule() {
  return {{.name = "step",
           .summary = "the learning rate is multiplied by a factor every so many rounds",
           .source = "",
           .parameters = {integer("every_rounds", "rounds between two steps").in(1, 1e9),
                          real("factor", "what each step multiplies by").over(0, 1).otherwise(0.1),
                          warmup_parameter()},
           .example = R"({"type": "step", "every_rounds": 100, "factor": 0.1})"},
          make};
}

}  // namespace telegrad::training
