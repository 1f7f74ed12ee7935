#include "training/schedules/schedule.h"

namespace telegrad::training {
namespace {

Schedule make(const Value& resolved) {
  const double lambda = resolved["lambda"].number();
  const double shift = resolved["shift"].number();
  return [=](std::uint64_t round) { return 1 / (lambda * (static_cast<double>(round - 1) + shift)); };
}

}  // namespace

Entry<MakeSchedule> mem_sgd_schedule() {
  return {
      {.name = "mem_sgd",
       .summary = "eta_t = gamma / (lambda (t + a)), gamma the learning rate, t = 0 in the first round",
       .source = "Stich, Cordonnier, Jaggi 2018, with gamma = 2",
       .parameters =
           {real("lambda", "strong convexity, that of the model's l2").over(0, 1e6),
            real("shift", "a: of the order of d / k with feedback, or the first steps are too long").above(0),
            warmup_parameter()},
       .example = R"({"type": "mem_sgd", "lambda": 0.001, "shift": 1000})"},
      make};
}

}  // namespace telegrad::training
