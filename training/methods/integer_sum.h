#pragma once

#include <cstdint>
#include <span>

#include "training/methods/compressor.h"

namespace telegrad::training {

/// Adds whole numbers in [-s, s] of which every worker sends all coordinates, such as levels of a scale that all share.
/// Sums widen on their way: those of w workers take ceil(log2(2 w s + 1)) bits. (Alistarh et al. 2017; Wen et al. 2017)
class IntegerSum final : public Fold {
 public:
  IntegerSum(std::uint32_t size, std::uint32_t s) : size_(size), s_(s) {}

  Shape shape() const override { return Shape::linear; }
  Payload fold(std::span<const Part> parts, Cut cut) override;
  /// Reading the parts, and a vector that was cleared before.
  Cost cost(std::span<const Part> parts, Cut cut) const override;

 private:
  std::uint32_t size_;
  std::uint32_t s_;
};

/// One worker's numbers, all in [-s, s], in ceil(log2(2 s + 1)) bits each.
Payload pack_integers(const codecs::Stamp& stamp, std::span<const std::int32_t> numbers, std::uint32_t s,
                      Cut cut);

/// The hub's part of the reduction of such numbers.
Task<> serve_integers(std::uint32_t size, std::uint32_t s, Hub& hub);

/// Throws ScenarioError where sums of so many workers are beyond what fp32 adds without rounding.
void require_exact_sums(std::uint32_t workers, std::uint32_t s);

}  // namespace telegrad::training
