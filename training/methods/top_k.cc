#include "training/methods/top_k.h"

#include "training/kernels/select.h"
#include "training/methods/options.h"
#include "training/methods/ratio.h"
#include "training/methods/sparse.h"

namespace telegrad::training {
namespace {

/// Sends the k entries of largest magnitude of each unit.
class TopK final : public Compressor {
 public:
  TopK(const Value& resolved, const NodeContext& context)
      : keep_(resolved, context.layout), sparse_(resolved, context) {}

  Payload encode(std::span<const float> values, const Step& step, Cut cut) override {
    sparse_.clear();
    for (const codecs::Unit& unit : sparse_.units()) {
      auto part = values.subspan(unit.first, unit.size);
      bool finite = kernels::select_largest(part, keep_.of(unit, step.round), scratch_, chosen_);
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
  std::vector<std::uint64_t> scratch_;
  std::vector<std::uint32_t> chosen_;
};

}  // namespace

std::unique_ptr<Compressor> make_top_k(const Value& resolved, const NodeContext& context) {
  return with_feedback(resolved, context, std::make_unique<TopK>(resolved, context));
}

Entry<Maker> top_k_method() {
  return {
      {.name = "top_k",
       .summary = "the k entries of largest magnitude with their indices; feedback keeps the rest",
       .source = "Aji and Heafield 2017; Stich, Cordonnier, Jaggi 2018",
       .parameters = keep_parameters() + sparse_parameters() + feedback_parameters(true),
       .example = R"({"type": "top_k", "ratio": 0.01, "error_feedback": true})",
       .check = check_keep,
       .formula = "sum over units of k (b + 32) bits, b = ceil(log2 of the coordinates) with fixed indices",
       .traits = {"contraction", "sparse", "deterministic"}},
      {make_top_k, "union_sparse"}};
}

}  // namespace telegrad::training
