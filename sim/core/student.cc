#include "sim/core/student.h"

#include <cmath>
#include <numbers>

#include "sim/core/errors.h"

namespace telegrad {
namespace {

/// Where y, the transformed probability, is large: from the quantile of the normal distribution.
double from_normal(double normal, double n, double a, double b, double c, double d) {
  double x = normal;
  double y = x * x;
  if (n < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
  c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
  y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
  return std::expm1(a * y * y);
}

}  // namespace

double student_quantile(Confidence confidence, double n) {
  expect(n >= 1, "a deviation is estimated from two values or more");
  const bool wide = confidence == Confidence::percent_99;
  const double tails = wide ? 0.01 : 0.05;
  const double normal = wide ? -2.575829304 : -1.959963985;
  if (n < 1.5) return 1 / std::tan(tails * std::numbers::pi / 2);
  if (n < 2.5) return std::sqrt(2 / (tails * (2 - tails)) - 2);
  const double a = 1 / (n - 0.5);
  const double b = 48 / (a * a);
  const double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
  const double d = ((94.5 / (b + c) - 3) / b + 1) * std::sqrt(a * std::numbers::pi / 2) * n;
  double y = std::pow(d * tails, 2 / n);
  if (y > 0.05 + a) {
    y = from_normal(normal, n, a, b, c, d);
  } else {
    y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) /
            (n + 2) +
        1 / y;
  }
  return std::sqrt(n * y);
}

}  // namespace telegrad
