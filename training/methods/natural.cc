#include "training/methods/dense.h"
#include "training/methods/options.h"

namespace telegrad::training {

/// 9 bits an entry; E||Q(x) - x||^2 <= ||x||^2 / 8, so that feedback may follow.
Entry<Maker> natural_method() {
  Table parameters = Table{value_parameter(), zstd_parameter()} + feedback_parameters(false);
  set_default(parameters, "value", "natural");
  return {{.name = "natural",
           .summary = "all values, rounded to a power of two at random: sign and exponent, 9 bits",
           .source = "Horvath, Ho, Horvath, Sahu, Canini, Richtarik 2022",
           .parameters = std::move(parameters),
           .example = R"({"type": "natural"})",
           .formula = "9 d bits",
           .traits = {"unbiased", "contraction"}},
          {make_dense, "dense"}};
}

}  // namespace telegrad::training
