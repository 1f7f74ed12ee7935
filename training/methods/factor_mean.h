#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/factors.h"
#include "sim/core/payload.h"

namespace telegrad::training {

/// The mean of what arrived of every worker's factors (Wang et al. 2018). Of whose terms only some arrived at a
/// coordinate, that part of them counts there as its divisor.
class FactorMean final {
 public:
  /// size: coordinates of the vector that the matrices cover. The matrices outlive it.
  FactorMean(std::span<const codecs::Matrix> matrices, std::size_t size);

  /// One worker's blocks. Throws RunError(bad_data).
  void add(const Payload& payload);
  /// [size]; 0 where nothing arrived.
  std::vector<float> mean() &&;

 private:
  void mark(const codecs::FactorView& view);

  std::span<const codecs::Matrix> matrices_;
  std::vector<float> sum_, weight_;
  std::vector<std::uint32_t> arrived_;  // terms of one worker
};

}  // namespace telegrad::training
