#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/random.h"

namespace telegrad::training {

/// One worker's batches: its samples in an order drawn anew each epoch, without replacement. Round r's batch
/// depends on seed, worker and r alone.
class Batches final {
 public:
  /// At least `size` samples.
  Batches(std::vector<std::uint32_t> samples, std::size_t size, std::uint64_t seed, std::uint32_t worker);

  /// The batch of a round, from 1. Valid until the next call.
  std::span<const std::uint32_t> of(std::uint64_t round);
  /// Where random changes of that batch are drawn from.
  StreamKey changes(std::uint64_t round) const;
  std::size_t samples() const { return samples_.size(); }

 private:
  void open_epoch(std::uint64_t epoch);

  std::vector<std::uint32_t> samples_;
  std::size_t size_;
  std::uint64_t seed_;
  std::uint32_t worker_;
  std::uint64_t epoch_ = ~std::uint64_t{0};
  std::vector<std::uint32_t> order_;  // of the samples in this epoch
  std::vector<std::uint32_t> batch_;
};

}  // namespace telegrad::training
