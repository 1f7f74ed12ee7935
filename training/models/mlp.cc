#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>

#include "training/models/model.h"

namespace telegrad::training {
namespace {

class Perceptron final : public Model {
 public:
  Perceptron(const std::vector<std::int64_t>& widths) {
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
      add_layer("fc" + std::to_string(i + 1), {widths[i + 1], widths[i]});
    }
  }

  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    const auto parameters = pass.parameters;
    at::Tensor activation = inputs;
    for (std::size_t i = 0; i < parameters.size(); i += 2) {
      activation = at::linear(activation, parameters[i], parameters[i + 1]);
      if (i + 2 < parameters.size()) activation = at::relu(activation);
    }
    return activation;
  }
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  std::vector<std::int64_t> widths{dataset.shape.features()};
  for (const Value& width : resolved["hidden"].items()) widths.push_back(width.integer());
  widths.push_back(dataset.classes);
  return std::make_unique<Perceptron>(widths);
}

}  // namespace

Entry<MakeModel> mlp_model() {
  return {{.name = "mlp",
           .summary = "fully connected layers with ReLU between them",
           .source = "",
           .parameters = {integers("hidden", "widths of the hidden layers")
                              .in(1, 65536)
                              .of_length(1, 16)
                              .otherwise_json("[64]")},
           .example = R"({"type": "mlp", "hidden": [64]})"},
          make};
}

}  // namespace telegrad::training
