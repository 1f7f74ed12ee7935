#include <ATen/ops/linear.h>

#include "training/models/model.h"

namespace telegrad::training {
namespace {

class Logistic final : public Model {
 public:
  Logistic(std::int64_t features, std::int64_t classes) {
    layout_.add("weight", {classes, features}, 0);
    layout_.add("bias", {classes}, 0);
    multiply_accumulates_ = static_cast<double>(features * classes);
  }

  at::Tensor logits(std::span<const at::Tensor> parameters, const at::Tensor& inputs) const override {
    return at::linear(inputs, parameters[0], parameters[1]);
  }
};

}  // namespace

Entry<MakeModel> logistic_model() {
  return {{.name = "logistic",
           .summary = "multinomial logistic regression, starts at zero",
           .source = "",
           .parameters = {},
           .example = R"({"type": "logistic"})"},
          [](const Value&, const Dataset& dataset) {
            return std::make_unique<Logistic>(dataset.shape.features(), dataset.classes);
          }};
}

}  // namespace telegrad::training
