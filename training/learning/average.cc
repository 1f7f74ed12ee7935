#include "training/learning/average.h"

#include <ATen/ops/add.h>
#include <ATen/ops/mul.h>

namespace telegrad::training {

double square_share(std::uint64_t t, double shift) {
  const auto n = static_cast<double>(t);
  const double a = shift;
  // sum of (s + a)^2 over s = 0 .. n is (1 + n) (6 a^2 + n + 6 a n + 2 n^2) / 6.
  return 6 * (n + a) * (n + a) / ((1 + n) * (6 * a * a + n + 6 * a * n + 2 * n * n));
}

AverageShare average_share(const Value& training) {
  const Value* average = training.find("average");
  if (average == nullptr) return {};
  if ((*average)["weights"].text() == "equal") {
    return [](std::uint64_t round) { return 1 / static_cast<double>(round); };
  }
  const double shift = (*average)["shift"].number();
  return [shift](std::uint64_t round) { return square_share(round - 1, shift); };
}

void average_in(Replica& next, const Replica& before, double share) {
  const at::Tensor now = next.parameters.to(at::kDouble);
  next.average = before.average.defined() ? before.average.mul(1 - share).add(now, share) : now;
}

at::Tensor evaluated_parameters(const Replica& replica) {
  return replica.average.defined() ? replica.average.to(at::kFloat) : replica.parameters;
}

}  // namespace telegrad::training
