#pragma once

#include "training/methods/compressor.h"

namespace telegrad::training {

/// What all methods have in common that send some entries with their indices.
class Sparse {
 public:
  Sparse(const Value& resolved, const NodeContext& context);

  const NodeContext& context() const { return context_; }
  std::span<const codecs::Unit> units() const { return units_; }

  /// Forgets the entries of the last payload.
  void clear();
  /// Coordinates must rise.
  void keep(std::uint32_t coordinate, float value) {
    indices_.push_back(coordinate);
    values_.push_back(value);
  }
  /// Keeps entries of a unit, each with the probability that water filling gives it under a budget of entries, and
  /// divided by it. values: the unit's. Throws RunError(not_finite).
  void draw(std::uint32_t unit, std::span<const float> values, double budget, const Step& step);
  /// The entries as floats in the scenario's form; `natural` rounds at random.
  Payload pack(const Step& step, Cut cut);
  /// The entries' signs, with one scale for each bucket of each unit, none for codecs without.
  Payload pack_signs(Cut cut, std::span<const float> scales);

  /// Bytes read of d floats, and written of so many entries.
  double traffic(double entries) const {
    return 4.0 * static_cast<double>(context_.layout.size()) + 8 * entries;
  }

 private:
  codecs::Stamp stamp_;
  codecs::ValueCodec value_;
  NodeContext context_;
  std::vector<codecs::Unit> units_;
  std::vector<std::uint32_t> indices_;
  std::vector<float> values_;
  std::vector<std::int32_t> symbols_;
  std::vector<double> exact_;
  std::vector<float> uniforms_;
};

/// The settings of such methods: granularity, bucket, index, value, zstd.
Table sparse_parameters(const char* granularity = "tensor");

}  // namespace telegrad::training
