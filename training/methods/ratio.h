#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "training/methods/compressor.h"

namespace telegrad::training {

/// clamp(floor(ratio * size + 0.5), 1, size): how many entries a ratio keeps.
std::size_t ratio_to_k(double ratio, std::size_t size);

/// How many entries of a unit are sent: k, or a ratio, which may shrink to its own from warm-up to warm-up stage.
class Keep {
 public:
  explicit Keep(const Value& resolved);
  std::size_t of(std::size_t size, std::uint64_t round) const;

 private:
  std::optional<std::size_t> k_;
  double ratio_ = 0;
  std::vector<double> warmup_;  // ratios of the first stages
  std::uint64_t stage_ = 1;     // rounds
  std::size_t whole_below_ = 0;
};

/// "ratio" or "k", "warmup_ratios" and "warmup_rounds", "whole_below".
Table keep_parameters();
/// Exactly one of ratio and k.
void check_keep(const Value& resolved, std::vector<Problem>& problems);

}  // namespace telegrad::training
