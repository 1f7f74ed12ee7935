#pragma once

#include <ATen/core/Tensor.h>

#include <span>

#include "training/downlinks/downlink.h"
#include "training/methods/compressor.h"

namespace telegrad::training {

/// Adds vectors of which every worker sends all coordinates: what PowerSGD's factors and ScaleCom's values are.
class DenseSum final : public Fold {
 public:
  DenseSum(std::uint32_t size, Count count) : size_(size), count_(count) {}

  Shape shape() const override { return Shape::linear; }
  Payload fold(std::span<const Part> parts, Cut cut) override;
  /// Reading the parts, and a vector that was cleared before.
  Cost cost(std::span<const Part> parts, Cut cut) const override;

 private:
  std::uint32_t size_;
  Count count_;
};

/// One worker's vector.
Payload pack_vector(const codecs::Stamp& stamp, std::span<const float> values, Cut cut,
                    codecs::ValueCodec codec = codecs::ValueCodec::fp32);

/// What one worker sent, whole.
at::Tensor numbers_of(const Payload& payload, std::int64_t size);

/// into += factor * the blocks that are there; into: the vector that travels.
void add_vector(const Payload& payload, float factor, std::span<float> into);

/// The mean of what arrived, by the divisor that the count asks for.
std::vector<float> mean_vector(const Reduced& reduced, std::uint32_t size, Count count);

/// The hub's part of the reduction of such vectors.
Task<> serve_sum(std::uint32_t size, Count count, Hub& hub);

}  // namespace telegrad::training
