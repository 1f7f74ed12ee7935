#include "training/methods/dynamic.h"

#include <algorithm>
#include <cmath>

#include "training/kernels/select.h"
#include "training/methods/options.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// The signs of the largest entries, as many as sum up to the norm, at most ceil(sqrt d); each stands for the norm.
class Dynamic final : public Compressor {
 public:
  Dynamic(const Value& resolved, const NodeContext& context)
      : sparse_(resolved, context), scales_(sparse_.units().size()) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, sparse_.context(), step);
    sparse_.clear();
    for (std::size_t number = 0; number < units().size(); ++number) {
      const codecs::Unit& unit = units()[number];
      auto part = values.subspan(unit.first, unit.size);
      const DynamicSupport support = dynamic_support(part);
      scales_[number] = static_cast<float>(support.norm);
      if (!std::isfinite(scales_[number])) refuse_not_finite(unit.first, sparse_.context(), step);
      for (std::uint32_t index : support.indices) sparse_.keep(unit.first + index, part[index]);
    }
    return sparse_.pack_signs(cut, scales_);
  }

  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override {
    return sparse_.traffic(std::sqrt(static_cast<double>(units().back().size)));
  }

 private:
  Sparse sparse_;
  std::vector<float> scales_;
};

}  // namespace

DynamicSupport dynamic_support(std::span<const float> values) {
  DynamicSupport result;
  double squares = 0;
  for (float value : values) squares += static_cast<double>(value) * value;
  result.norm = std::sqrt(squares);
  if (squares == 0) return result;
  const auto most = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(values.size()))));
  std::vector<std::uint64_t> scratch;
  std::vector<std::uint32_t> largest;
  if (!kernels::select_largest(values, most, scratch, largest)) return result;
  std::stable_sort(largest.begin(), largest.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::fabs(values[a]) > std::fabs(values[b]);
  });
  double sum = 0;
  for (std::uint32_t index : largest) {
    if (sum >= result.norm) break;
    sum += std::fabs(values[index]);
    result.indices.push_back(index);
  }
  std::sort(result.indices.begin(), result.indices.end());
  return result;
}

Entry<Maker> dynamic_method() {
  return {
      {.name = "dynamic",
       .summary = "signs of the largest entries until their magnitudes sum up to the norm, with that norm",
       .source = "Khirirat, Feyzmahdavian, Johansson 2018 (dynamic gradient quantiser)",
       .parameters = sparse_parameters("model") + feedback_parameters(false),
       .example = R"({"type": "dynamic"})",
       .check =
           [](const Value& resolved, std::vector<Problem>& problems) {
             if (!resolved["error_feedback"].boolean()) return;
             problems.push_back({"/error_feedback", 0, 0,
                                 "each sent entry stands for the whole norm, so that a residual can grow",
                                 "choose clat with the mode sign, whose scale is the mean magnitude"});
           },
       .formula = "s (b + 1) + 32 bits a unit, s at most ceil(sqrt d)",
       .traits = {"sparse", "deterministic"}},
      {[](const Value& resolved, const NodeContext& context) {
         return std::make_unique<Dynamic>(resolved, context);
       },
       "union_sparse"}};
}

}  // namespace telegrad::training
