#include "training/methods/options.h"
#include "training/methods/ratio.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// Keeps each entry with the probability that water filling gives it under a budget, divided by it: of all unbiased
/// sparsifications with so many entries the one of least variance.
class AtomoEntries final : public Compressor {
 public:
  AtomoEntries(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), sparse_(resolved, context) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, sparse_.context(), step);
    sparse_.clear();
    for (std::uint32_t number = 0; number < units().size(); ++number) {
      const codecs::Unit& unit = units()[number];
      const auto budget = static_cast<double>(keep_.of(unit, step.round));
      sparse_.draw(number, values.subspan(unit.first, unit.size), budget, step);
    }
    return sparse_.pack(step, cut);
  }

  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override { return 6 * sparse_.traffic(0); }

 private:
  Keep keep_;
  Sparse sparse_;
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
