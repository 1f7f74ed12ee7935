#pragma once

#include <string>

#include "sim/results/digest.h"

namespace telegrad::sweep {

/// When a run reached an accuracy: between two evaluations, (after_s, by_s]. One evaluation is noise, so what must
/// reach it is the mean of the latest three.
struct Reached {
  bool reached = false;
  std::optional<double> after_s, by_s;
  std::optional<std::uint64_t> after_round, round;
  std::optional<double> test_accuracy;                              // at `round`: reported, not used
  std::optional<std::uint64_t> up_on_air_bytes, down_on_air_bytes;  // spent by then
};

inline constexpr std::size_t kJudgedTogether = 3;

/// split: "validation" or "test".
Reached judge(double target, const std::string& split, const results::Digest& digest);

}  // namespace telegrad::sweep
