#include "training/methods/sparse.h"

#include <cmath>

#include "training/methods/options.h"
#include "training/methods/probabilities.h"
#include "training/methods/quantise.h"
#include "training/methods/randomness.h"

namespace telegrad::training {

Sparse::Sparse(const Value& resolved, const NodeContext& context)
    : stamp_(stamp(resolved, context)), value_(value_codec(resolved)), context_(context),
      units_(units_of(resolved, context.layout)) {}

void Sparse::clear() {
  indices_.clear();
  values_.clear();
}

void Sparse::draw(std::uint32_t unit, std::span<const float> values, double budget, const Step& step) {
  exact_.assign(values.begin(), values.end());
  const auto p = water_filling(exact_, budget);
  uniforms_.resize(values.size());
  fill_uniform(uniforms_, context_, step, unit);
  const std::uint32_t first = units_[unit].first;
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    if (!(uniforms_[i] < p[i])) continue;
    const auto value = static_cast<float>(exact_[i] / p[i]);
    if (!std::isfinite(value)) refuse_not_finite(first + i, context_, step);
    keep(first + i, value);
  }
}

Payload Sparse::pack(const Step& step, Cut cut) {
  if (value_ == codecs::ValueCodec::natural) {
    std::vector<float> uniforms(values_.size());
    // A unit beyond all others: the units' own streams choose entries.
    fill_uniform(uniforms, context_, step, static_cast<std::uint32_t>(units_.size()));
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = natural(values_[i], uniforms[i]);
  }
  auto coverage = codecs::covered_once(static_cast<std::uint32_t>(context_.layout.size()));
  return pack_sparse(stamp_, units_, coverage, cut, indices_, codecs::FloatSource(value_, values_));
}

Payload Sparse::pack_signs(Cut cut, std::span<const float> scales) {
  symbols_.clear();
  for (float value : values_) symbols_.push_back(value < 0 ? 1 : 0);
  auto coverage = codecs::covered_once(static_cast<std::uint32_t>(context_.layout.size()));
  auto codec = scales.empty() ? codecs::ValueCodec::sign : codecs::ValueCodec::scaled_sign;
  return pack_sparse(stamp_, units_, coverage, cut, indices_, codecs::SymbolSource(codec, symbols_), scales);
}

Table sparse_parameters(const char* granularity) {
  return {
      granularity_parameter(granularity),
      bucket_parameter("coordinates of a unit, which is compressed on its own; without it granularity says"),
      index_parameter(), value_parameter(), zstd_parameter()};
}

}  // namespace telegrad::training
