#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training {

/// The largest entries until their magnitudes sum up to the norm, at most ceil(sqrt d) of them; rounding could ask
/// for more where all are equal. (Khirirat, Feyzmahdavian, Johansson 2018)
struct DynamicSupport {
  double norm = 0;
  std::vector<std::uint32_t> indices;  // rising; none where all is 0
};
DynamicSupport dynamic_support(std::span<const float> values);

}  // namespace telegrad::training
