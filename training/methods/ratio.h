#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "training/methods/compressor.h"

namespace telegrad::training {

/// clamp(floor(ratio * size + 0.5), 1, size): how many entries a ratio keeps.
std::size_t ratio_to_k(double ratio, std::size_t size);

/// How many entries of a unit are sent: k, or a ratio, which may shrink to its own from warm-up to warm-up stage; all
/// of small units and of the tensors that are named.
class Keep {
 public:
  /// Throws ScenarioError where a name fits no tensor.
  Keep(const Value& resolved, const Layout& layout);
  std::size_t of(const codecs::Unit& unit, std::uint64_t round) const;

 private:
  bool in_named_tensor(const codecs::Unit& unit) const;

  std::optional<std::size_t> k_;
  double ratio_ = 0;
  std::vector<double> warmup_;  // ratios of the first stages
  std::uint64_t stage_ = 1;     // rounds
  std::size_t whole_below_ = 0;
  std::vector<codecs::Unit> whole_;  // tensors that are sent whole, rising
};

/// "ratio" or "k", "warmup_ratios" and "warmup_rounds", "whole_below", "whole".
Table keep_parameters();
/// Exactly one of ratio and k; names only where no unit holds several tensors.
void check_keep(const Value& resolved, std::vector<Problem>& problems);

}  // namespace telegrad::training
