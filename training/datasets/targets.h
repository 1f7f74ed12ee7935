#pragma once

#include <span>
#include <vector>

#include "training/datasets/dataset.h"

namespace telegrad::training {

/// Stands for a target that does not count where targets are kept as labels.
inline constexpr Label kNoLabel = 65535;

/// Several targets a sample, one behind the other.
class Targets final {
 public:
  Targets() = default;
  /// labels: [n, each], of which kNoLabel do not count.
  Targets(std::vector<Label> labels, std::size_t each) : labels_(std::move(labels)), each_(each) {}

  std::size_t each() const { return each_; }
  std::span<const Label> of(std::size_t sample) const { return {labels_.data() + sample * each_, each_}; }
  /// For each sample the label that most of its targets have, 0 where none counts, the lowest of several.
  std::vector<Label> commonest() const;

 private:
  std::vector<Label> labels_;
  std::size_t each_ = 1;
};

/// As Samples::gather writes it.
inline std::int64_t target_of(Label label) {
  return label == kNoLabel ? Samples::kIgnored : std::int64_t{label};
}

}  // namespace telegrad::training
