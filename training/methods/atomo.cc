#include <cmath>

#include "training/methods/options.h"
#include "training/methods/probabilities.h"
#include "training/methods/randomness.h"
#include "training/methods/ratio.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// Keeps each entry with the probability that water filling gives it under a budget, divided by it: of all unbiased
/// sparsifications with so many entries the one of least variance.
class AtomoEntries final : public Compressor {
 public:
  AtomoEntries(const Value& resolved, const NodeContext& context)
      : keep_(resolved), sparse_(resolved, context) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, sparse_.context(), step);
    sparse_.clear();
    for (std::uint32_t number = 0; number < units().size(); ++number) {
      const codecs::Unit& unit = units()[number];
      exact_.assign(values.begin() + unit.first, values.begin() + unit.first + unit.size);
      const auto p = water_filling(exact_, static_cast<double>(keep_.of(unit.size, step.round)));
      uniforms_.resize(unit.size);
      fill_uniform(uniforms_, sparse_.context(), step, number);
      for (std::uint32_t i = 0; i < unit.size; ++i) {
        if (!(uniforms_[i] < p[i])) continue;
        const auto value = static_cast<float>(exact_[i] / p[i]);
        if (!std::isfinite(value)) refuse_not_finite(unit.first + i, sparse_.context(), step);
        sparse_.keep(unit.first + i, value);
      }
    }
    return sparse_.pack(step, cut);
  }

  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override { return 6 * sparse_.traffic(0); }

 private:
  Keep keep_;
  Sparse sparse_;
  std::vector<double> exact_;
  std::vector<float> uniforms_;
};

}  // namespace

Entry<Maker> atomo_method() {
  return {{.name = "atomo",
           .summary =
               "entries at random with the least variance for their expected number, scaled up without bias",
           .source = "Wang, Sievert, Liu, Charles, Papailiopoulos, Wright 2018, with entries as atoms",
           .parameters = keep_parameters() + sparse_parameters() + feedback_parameters(false),
           .example = R"({"type": "atomo", "ratio": 0.01})",
           .check =
               [](const Value& resolved, std::vector<Problem>& problems) {
                 check_keep(resolved, problems);
                 refuse_feedback(resolved, problems);
               },
           .formula = "kept entries (b + 32) bits",
           .traits = {"unbiased", "sparse"}},
          {[](const Value& resolved, const NodeContext& context) {
             return std::make_unique<AtomoEntries>(resolved, context);
           },
           "union_sparse"}};
}

}  // namespace telegrad::training
