#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/core/random.h"
#include "sim/core/registry.h"
#include "training/datasets/dataset.h"

namespace telegrad::training {

/// For each worker the samples it learns from, in rising order.
using Partition = std::vector<std::vector<std::uint32_t>>;

/// What is to be divided, and among how many.
struct Shares {
  std::span<const std::uint32_t> samples;  // of the training set, those to learn from
  std::span<const Label> labels;           // labels[sample]
  std::span<const std::uint32_t> users;    // users[sample]; empty where nobody knows
  std::uint32_t workers = 1;
  std::uint64_t least = 1;  // what a worker needs, a batch
};

/// Draws which of the samples go to which worker.
using Divide = std::function<Partition(const Value& resolved, const Shares& shares, Stream& stream)>;
const Registry<Divide>& partitions();

/// Divides all samples, then moves single ones from the richest to workers with fewer than `least`. Throws
/// ScenarioError when there are not enough samples for all.
Partition divide(const Value& resolved, const Shares& shares, std::uint64_t seed);

}  // namespace telegrad::training
