#pragma once

#include <span>
#include <vector>

#include "training/methods/compressor.h"

namespace telegrad::training {

/// Uniform numbers in [0, 1), multiples of 2^-24, of this node, round and unit; the hub's and every worker's
/// differ, so that the errors of quantisers average out.
void fill_uniform(std::span<float> into, const NodeContext& context, const Step& step, std::uint32_t unit);

/// A stream of this node, round and unit; one that all nodes share has node 0.
Stream node_stream(const NodeContext& context, const Step& step, std::uint32_t unit);
Stream shared_stream(const NodeContext& context, std::uint64_t round, std::uint32_t unit);

/// k of [0, size) without replacement, rising: for i below k, j = i + floor(u_i (size - i)), swap (partial
/// Fisher-Yates). `next` yields u in [0, 1).
std::vector<std::uint32_t> draw_without_replacement(std::uint32_t size, std::uint32_t k,
                                                    const std::function<double()>& next);

}  // namespace telegrad::training
