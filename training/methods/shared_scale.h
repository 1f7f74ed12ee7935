#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "training/methods/method.h"

namespace telegrad::training {

/// How a bucket is measured, and in how many levels of that its entries are rounded.
struct Levels {
  std::uint32_t most = 1;  // s
  std::function<float(std::span<const float>)> scale;
};

/// Levels of scales that all workers share, so that they add up on their way: one linear reduction of the largest scale
/// of each bucket, one of whole numbers in [-s, s], rounded at random without bias. Sums of w workers take
/// ceil(log2(2 w s + 1)) bits an entry. What exceeds a scale, because its worker's was lost, is cut to it. Reads the
/// settings granularity, bucket and zstd. Throws ScenarioError where the sums are too large. (Wen et al. 2017)
std::unique_ptr<Collective> make_shared_scale(const Value& resolved, const NodeContext& context,
                                              Levels levels);

}  // namespace telegrad::training
