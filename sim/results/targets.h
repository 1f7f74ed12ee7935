#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/value.h"
#include "sim/results/database.h"

namespace telegrad::results {

/// One evaluation of the model on the split that targets are judged on.
struct Evaluated {
  std::uint64_t round = 0;
  double simulated_s = 0;  // end of the round
  double accuracy = 0;
};

/// When an accuracy was reached: after the last evaluation below it, (after_s, after_round), and by the first one
/// at or above it, (by_s, round). `after` is absent when the first evaluation of all reached it, `by` when none did.
struct Target {
  double target = 0;
  std::string split{};
  bool reached = false;
  std::optional<double> after_s{};
  std::optional<std::uint64_t> after_round{};
  std::optional<double> by_s{};
  std::optional<std::uint64_t> round{};
};

/// evaluations: by rising round.
Target judge(double target, std::string_view split, std::span<const Evaluated> evaluations);

/// All targets, from the table `round`. split: "validation" or "test".
std::vector<Target> judge(const Database& database, std::span<const double> targets, std::string_view split);

Value to_value(const std::vector<Target>& targets);

}  // namespace telegrad::results
