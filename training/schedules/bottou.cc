#include "training/schedules/schedule.h"

namespace telegrad::training {
namespace {

Schedule make(const Value& resolved) {
  const double decay = resolved["decay"].number();
  return [=](std::uint64_t round) { return 1 / (1 + decay * static_cast<double>(round - 1)); };
}

}  // namespace

Entry<MakeSchedule> bottou_schedule() {
  return {{.name = "bottou",
           .summary =
               "eta_t = gamma0 / (1 + gamma0 lambda t), gamma0 the learning rate, t = 0 in the first round",
           .source = "Bottou 2012",
           .parameters = {real("decay", "gamma0 lambda: the learning rate times the model's l2").over(0, 1e6),
                          warmup_parameter()},
           .example = R"({"type": "bottou", "decay": 0.00001})"},
          make};
}

}  // namespace telegrad::training
