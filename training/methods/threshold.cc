#include "training/methods/options.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// Sends the entries of magnitude at least t.
class Threshold final : public Compressor {
 public:
  Threshold(const Value& resolved, const NodeContext& context)
      : threshold_(static_cast<float>(resolved["threshold"].number())), sparse_(resolved, context) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    require_finite(values, sparse_.context(), step);
    sparse_.clear();
    for (std::uint32_t i = 0; i < values.size(); ++i) {
      if (values[i] >= threshold_ || -values[i] >= threshold_) sparse_.keep(i, values[i]);
    }
    return sparse_.pack(step, cut);
  }

  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override { return sparse_.traffic(0); }

 private:
  float threshold_;
  Sparse sparse_;
};

}  // namespace

Entry<Maker> threshold_method() {
  return {{.name = "threshold",
           .summary = "the entries whose magnitude is at least a threshold, however many these are",
           .source = "Strom 2015; Dryden et al. 2016",
           .parameters = Table{real("threshold", "the least magnitude that is sent").above(0)} +
                         sparse_parameters("model") + feedback_parameters(true),
           .example = R"({"type": "threshold", "threshold": 0.001})",
           .formula = "as top_k, for as many entries as there are",
           .traits = {"contraction", "sparse", "deterministic"}},
          {[](const Value& resolved, const NodeContext& context) {
             return with_feedback(resolved, context, std::make_unique<Threshold>(resolved, context));
           },
           "union_sparse"}};
}

}  // namespace telegrad::training
