#pragma once

// Gradients to compress, and what comes out again.

#include <vector>

#include "sim/core/random.h"
#include "training/methods/compressor.h"

namespace telegrad::testing_support {

/// Three tensors of 70, 3 and 200 coordinates.
inline training::Layout three_tensors() {
  training::Layout result;
  result.add("a", {10, 7}, 0.1);
  result.add("b", {3}, 0.1);
  result.add("c", {40, 5}, 0.1);
  return result;
}
inline constexpr std::size_t kSize = 273;

/// Normal, another one in each round.
inline std::vector<float> normal_gradient(std::uint64_t round, std::size_t size = kSize) {
  std::vector<float> values(size);
  Stream stream(StreamKey{.seed = round, .purpose = Purpose::method});
  for (float& value : values) value = static_cast<float>(stream.normal());
  return values;
}

/// What a payload stands for.
inline std::vector<float> decoded(const Payload& payload, const training::Compressor& method,
                                  std::size_t size = kSize) {
  std::vector<float> sum(size, 0.0F);
  method.add(payload, 1.0F, sum);
  return sum;
}

}  // namespace telegrad::testing_support
