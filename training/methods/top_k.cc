#include "training/methods/top_k.h"

#include "training/kernels/select.h"
#include "training/kernels/select_sampled.h"
#include "training/methods/options.h"
#include "training/methods/ratio.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// Sends the k entries of largest magnitude of each unit.
class TopK final : public Compressor {
 public:
  TopK(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), sparse_(resolved, context) {
    const Value* selection = resolved.find("selection");
    sampled_ = selection != nullptr && selection->text() == "sampled";
  }

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    sparse_.clear();
    for (const codecs::Unit& unit : sparse_.units()) {
      auto part = values.subspan(unit.first, unit.size);
      const std::size_t k = keep_.of(unit, step.round);
      const bool finite = sampled_ ? kernels::select_sampled(part, k, step.round, scratch_, chosen_)
                                   : kernels::select_largest(part, k, scratch_, chosen_);
      if (!finite) require_finite(values, sparse_.context(), step);
      for (std::uint32_t index : chosen_) sparse_.keep(unit.first + index, part[index]);
    }
    return sparse_.pack(step, cut);
  }

  std::span<const codecs::Unit> units() const override { return sparse_.units(); }
  double traffic() const override {
    double entries = 0;
    for (const codecs::Unit& unit : units()) entries += static_cast<double>(keep_.of(unit, ~0ULL));
    return sparse_.traffic(entries);
  }

 private:
  Keep keep_;
  Sparse sparse_;
  bool sampled_ = false;
  std::vector<std::uint64_t> scratch_;
  std::vector<std::uint32_t> chosen_;
};

}  // namespace

Parameter selection_parameter() {
  return choice("selection", {"exact", "sampled"},
                "sampled finds the largest entries by a threshold from 1 % of them, which may find a fifth "
                "fewer "
                "than k (Lin et al. 2018)")
      .otherwise("exact");
}

std::unique_ptr<Compressor> make_top_k(const Value& resolved, const NodeContext& context) {
  return with_feedback(resolved, context, std::make_unique<TopK>(resolved, context));
}

Entry<Maker> top_k_method() {
  return {
      {.name = "top_k",
       .summary = "the k entries of largest magnitude with their indices; feedback keeps the rest",
       .source = "Aji and Heafield 2017; Stich, Cordonnier, Jaggi 2018",
       .parameters =
           keep_parameters() + Table{selection_parameter()} + sparse_parameters() + feedback_parameters(true),
       .example = R"({"type": "top_k", "ratio": 0.01, "error_feedback": true})",
       .check = check_keep,
       .formula = "sum over units of k (b + 32) bits, b = ceil(log2 of the coordinates) with fixed indices",
       .traits = {"contraction", "sparse", "deterministic"}},
      {make_top_k, "union_sparse"}};
}

}  // namespace telegrad::training
