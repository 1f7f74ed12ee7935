#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/codecs/block.h"
#include "sim/core/payload.h"

namespace telegrad::training {

/// What error feedback remembers: [d] floats that were to be sent and were not (methods: p = m + g, m = p - c).
class Residual final {
 public:
  explicit Residual(std::int64_t size) : values_(static_cast<std::size_t>(size), 0.0F) {}

  /// Adds a gradient and returns the sum, of which the caller subtracts what it sends.
  std::span<float> compensate(std::span<const float> gradient) {
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += gradient[i];
    return values_;
  }
  std::span<float> values() { return values_; }
  /// Adds the values of all blocks that are there.
  void restore(const Payload& returned, std::span<const codecs::Unit> units);

 private:
  std::vector<float> values_;
};

/// Opens a block of a payload. Throws RunError(bad_data) that names the block and what is wrong with it.
codecs::BlockView open(const Block& block, std::span<const codecs::Unit> units);

}  // namespace telegrad::training
