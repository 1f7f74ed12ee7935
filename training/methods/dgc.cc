#include "training/methods/options.h"
#include "training/methods/ratio.h"
#include "training/methods/sparse.h"
#include "training/methods/top_k.h"

namespace telegrad::training {

/// Deep gradient compression is top-k of what momentum has gathered: options of feedback and of the selection.
Entry<Maker> dgc_method() {
  Table parameters =
      keep_parameters() + Table{selection_parameter()} + sparse_parameters() + feedback_parameters(true);
  set_default(parameters, "momentum_correction", 0.9);
  set_default(parameters, "index", "rle16");
  set_default(parameters, "whole_below", 64);
  return {
      {.name = "dgc",
       .summary = "top-k with momentum correction, factor masking, local clipping and warm-up",
       .source = "Lin, Han, Mao, Wang, Dally 2018",
       .parameters = std::move(parameters),
       .example =
           R"({"type": "dgc", "ratio": 0.001, "warmup_ratios": [0.25, 0.0625, 0.015625, 0.004], "warmup_rounds": 50})",
       .check = check_keep,
       .formula = "48 k bits: 16-bit run lengths and fp32",
       .traits = {"contraction", "sparse", "deterministic"}},
      {make_top_k, "union_sparse"}};
}

}  // namespace telegrad::training
