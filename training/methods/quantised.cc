#include "training/methods/quantised.h"

#include <algorithm>
#include <cmath>

#include "training/methods/options.h"
#include "training/methods/randomness.h"

namespace telegrad::training {

Quantised::Quantised(const Value& resolved, const NodeContext& context, codecs::ValueCoding coding)
    : context_(context), stamp_(stamp(resolved, context)), coding_(coding),
      units_(units_with_scales(resolved, context.layout)) {
  std::size_t buckets = 0;
  for (const codecs::Unit& unit : units_) buckets += unit.buckets(unit.first, unit.first + unit.size);
  scales_.resize(buckets * codecs::scales_each(coding.codec));
}

Payload Quantised::encode(std::span<const float> values, const Step& step, Cut cut) {
  require_finite(values, context_, step);
  symbols_.resize(values.size());
  const std::size_t each = codecs::scales_each(coding_.codec);
  std::size_t bucket = 0;
  for (std::uint32_t number = 0; number < units_.size(); ++number) {
    const codecs::Unit& unit = units_[number];
    uniforms_.resize(random() ? unit.size : 0);
    fill_uniform(uniforms_, context_, step, number);
    const std::uint32_t length = unit.bucket_size();
    for (std::uint32_t from = 0; from < unit.size; from += length) {
      const std::uint32_t size = std::min(length, unit.size - from);
      quantise(values.subspan(unit.first + from, size),
               std::span<const float>(uniforms_).subspan(random() ? from : 0, random() ? size : 0),
               std::span(symbols_).subspan(unit.first + from, size),
               std::span(scales_).subspan(bucket * each, each));
      for (float scale : std::span(scales_).subspan(bucket++ * each, each)) {
        if (!std::isfinite(scale))
          refuse_not_finite(unit.first + from, context_, step);  // a norm beyond all floats
      }
    }
  }
  return pack_dense(stamp_, units_, codecs::covered_once(static_cast<std::uint32_t>(values.size())), cut,
                    codecs::SymbolSource(coding_, symbols_), scales_);
}

double Quantised::traffic() const {
  const auto size = static_cast<double>(context_.layout.size());
  return size * (4 + (random() ? 4 : 0)) + static_cast<double>(codecs::values_bits(coding_, 8)) / 64 * size;
}

Table quantised_parameters(const char* granularity) {
  return {granularity_parameter(granularity),
          bucket_parameter("coordinates that share a scale; without it a whole tensor or model"),
          zstd_parameter()};
}

}  // namespace telegrad::training
