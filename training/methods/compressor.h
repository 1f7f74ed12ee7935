#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/core/exchange.h"
#include "sim/core/registry.h"
#include "training/layout.h"

namespace telegrad::training {

/// Where an encoder stands in the training.
struct Step {
  std::uint64_t round = 0;  // from 1
  double learning_rate = 0;
};

/// Who an encoder belongs to. The layout outlives it.
struct NodeContext {
  const Layout& layout;
  std::uint32_t rank = 0;
  std::uint32_t workers = 1;
  std::uint64_t seed = 0;
};

/// Turns one worker's gradients into payloads of independent blocks, and may remember what it left out.
class Compressor {
 public:
  virtual ~Compressor() = default;
  /// gradient: [d] float32. Throws RunError(not_finite).
  virtual Payload encode(const at::Tensor& gradient, const Step& step, Cut cut) = 0;
  /// Takes back blocks of earlier payloads that were not applied; without feedback they are forgotten.
  virtual void restore(const Payload& returned) = 0;
  /// What lies in a payload: how the receiver reads it.
  virtual std::span<const codecs::Unit> units() const = 0;
  /// With feedback what is missing comes back later, so sums are divided by the cohort; without, each block by
  /// its contributors.
  virtual bool feedback() const = 0;
  /// Bytes that one encode reads and writes, for the device model.
  virtual double traffic() const = 0;
};

using MakeCompressor = std::function<std::unique_ptr<Compressor>(const Value& resolved, const NodeContext&)>;
const Registry<MakeCompressor>& methods();

/// Parameters that several compressors share.
Parameter value_parameter();
codecs::ValueCodec value_codec(const Value& resolved);
Parameter granularity_parameter();
Granularity granularity(const Value& resolved);

}  // namespace telegrad::training
