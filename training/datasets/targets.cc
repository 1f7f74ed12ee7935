#include "training/datasets/targets.h"

#include <algorithm>

namespace telegrad::training {

std::vector<Label> Targets::commonest() const {
  std::vector<Label> result;
  if (each_ == 1) {
    for (Label label : labels_) result.push_back(label == kNoLabel ? Label{0} : label);
    return result;
  }
  Label largest = 0;
  for (Label label : labels_) largest = label == kNoLabel ? largest : std::max(largest, label);
  std::vector<std::uint32_t> counts(std::size_t{largest} + 1);  // all 0 between samples
  for (std::size_t sample = 0; sample < labels_.size() / each_; ++sample) {
    Label best = 0;
    for (Label label : of(sample)) {
      if (label == kNoLabel) continue;
      const std::uint32_t count = ++counts[label];
      if (count > counts[best] || (count == counts[best] && label < best)) best = label;
    }
    for (Label label : of(sample)) {
      if (label != kNoLabel) counts[label] = 0;
    }
    result.push_back(best);
  }
  return result;
}

}  // namespace telegrad::training
