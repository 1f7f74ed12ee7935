#pragma once

#include "training/methods/compressor.h"

namespace telegrad::training {

/// A compressor of one symbol for each coordinate and scales for each bucket. What a method adds is how it makes
/// them of one bucket.
class Quantised : public Compressor {
 public:
  /// coding: of the symbols; buckets are those of the units.
  Quantised(const Value& resolved, const NodeContext& context, codecs::ValueCoding coding);

  Payload encode(std::span<const float> values, const Step& step, Cut cut) final;
  std::span<const codecs::Unit> units() const final { return units_; }
  double traffic() const final;

 protected:
  /// uniforms: as many as values, empty where `random` is false. symbols: as many as values. scales: the codec's.
  virtual void quantise(std::span<const float> values, std::span<const float> uniforms,
                        std::span<std::int32_t> symbols, std::span<float> scales) = 0;
  virtual bool random() const { return true; }

 private:
  NodeContext context_;
  codecs::Stamp stamp_;
  codecs::ValueCoding coding_;
  std::vector<codecs::Unit> units_;
  std::vector<float> uniforms_;
  std::vector<std::int32_t> symbols_;
  std::vector<float> scales_;
};

/// The settings of such methods: granularity, bucket, zstd.
Table quantised_parameters(const char* granularity = "tensor");

}  // namespace telegrad::training
