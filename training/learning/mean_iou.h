#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace telegrad::training {

/// Intersection over union of what was said and what is, summed over all targets that count, then the mean over the
/// classes of which there is either. (Everingham et al. 2010)
class MeanIou final {
 public:
  /// answers, targets: int64 of one size. Targets may be Samples::kIgnored.
  void add(const at::Tensor& answers, const at::Tensor& targets, std::int64_t classes);
  double value() const;  // 0 where nothing counted

 private:
  struct Counts {
    std::uint64_t said = 0;
    std::uint64_t is = 0;
    std::uint64_t both = 0;
  };
  std::vector<Counts> counts_;
};

}  // namespace telegrad::training
