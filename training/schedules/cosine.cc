#include <algorithm>
#include <cmath>
#include <numbers>

#include "training/schedules/schedule.h"

namespace telegrad::training {
namespace {

Schedule make(const Value& resolved) {
  double rounds = resolved["rounds"].number();
  double last = resolved["final_factor"].number();
  return [=](std::uint64_t round) {
    double progress = std::min(1.0, static_cast<double>(round - 1) / rounds);
    return last + (1 - last) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
  };
}

}  // namespace

Entry<MakeSchedule> cosine_schedule() {
  return {{.name = "cosine",
           .summary = "the learning rate falls along half a cosine",
           .source = "Loshchilov and Hutter 2017, without restarts",
           .parameters = {integer("rounds", "rounds until it has fallen").in(1, 1e9),
                          real("final_factor", "what is left of it then").in(0, 1).otherwise(0.0),
                          warmup_parameter()},
           .example = R"({"type": "cosine", "rounds": 200})"},
          make};
}

}  // namespace telegrad::training
