#include "training/datasets/targets.h"

#include <algorithm>

namespace telegrad::training {

std::vector<Label> Targets::commonest() const {
  std::vector<Label> result;
  if (each_ == 1) {
    for (Label label : labels_) result.push_back(label == kNoLabel ? Label{0} : label);
    return result;
  }
  std::vector<std::uint32_t> counts(kNoLabel);
  for (std::size_t sample = 0; sample < labels_.size() / each_; ++sample) {
    std::fill(counts.begin(), counts.end(), 0U);
    for (Label label : of(sample)) {
      if (label != kNoLabel) ++counts[label];
    }
    result.push_back(static_cast<Label>(std::max_element(counts.begin(), counts.end()) - counts.begin()));
  }
  return result;
}

}  // namespace telegrad::training
