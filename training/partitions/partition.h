#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/core/random.h"
#include "sim/core/registry.h"

namespace telegrad::training {

/// For each worker the samples it learns from, in rising order.
using Partition = std::vector<std::vector<std::uint32_t>>;

/// Draws which of `samples` go to which worker; labels[sample] is a sample's label.
using Divide =
    std::function<Partition(const Value& resolved, std::span<const std::uint32_t> samples,
                            std::span<const std::uint8_t> labels, std::uint32_t workers, Stream& stream)>;
const Registry<Divide>& partitions();

/// Divides all samples, then moves single ones from the richest to workers with fewer than `least`. Throws
/// ScenarioError when there are not enough samples for all.
Partition divide(const Value& resolved, std::span<const std::uint32_t> samples,
                 std::span<const std::uint8_t> labels, std::uint32_t workers, std::uint64_t least,
                 std::uint64_t seed);

}  // namespace telegrad::training
