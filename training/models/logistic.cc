#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/square.h>
#include <ATen/ops/sum.h>

#include <string>

#include "sim/core/errors.h"
#include "training/models/model.h"

namespace telegrad::training {
namespace {

struct Settings {
  bool binary = false;
  bool bias = true;
  double l2 = 0;
};

class Logistic final : public Model {
 public:
  Logistic(std::int64_t features, std::int64_t classes, const Settings& settings) : settings_(settings) {
    const std::int64_t outputs = settings_.binary ? 1 : classes;
    layout_.add("weight", {outputs, features}, 0);
    if (settings_.bias) layout_.add("bias", {outputs}, 0);
    multiply_accumulates_ = static_cast<double>(features * outputs);
  }

  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const override {
    const auto parameters = pass.parameters;
    at::Tensor outputs = at::linear(inputs, parameters[0], settings_.bias ? parameters[1] : at::Tensor());
    // The first class has the logit 0, then cross entropy is log(1 + exp(-y a.x)).
    return settings_.binary ? at::constant_pad_nd(outputs, {1, 0}) : outputs;
  }

  at::Tensor penalty(std::span<const at::Tensor> parameters) const override {
    if (settings_.l2 == 0) return {};
    return parameters[0].square().sum().mul(settings_.l2 / 2);
  }

 private:
  Settings settings_;
};

std::unique_ptr<Model> make(const Value& resolved, const Dataset& dataset) {
  const Settings settings{.binary = resolved["binary"].boolean(),
                          .bias = resolved["bias"].boolean(),
                          .l2 = resolved["l2"].number()};
  if (settings.binary && dataset.classes != 2) {
    throw ScenarioError("", {{"/training/model/binary", 0, 0,
                              "the dataset has " + std::to_string(dataset.classes) + " classes, expected 2",
                              "leave binary out"}});
  }
  return std::make_unique<Logistic>(dataset.shape.features(), dataset.classes, settings);
}

}  // namespace

Entry<MakeModel> logistic_model() {
  return {{.name = "logistic",
           .summary = "multinomial logistic regression, starts at zero",
           .source = "",
           .parameters = {boolean("binary", "one weight vector for two classes instead of one for each")
                              .otherwise(false),
                          boolean("bias", "with an intercept for each output").otherwise(true),
                          real("l2",
                               "lambda: the loss holds lambda / 2 ||weight||^2, the gradient lambda weight "
                               "before it is compressed; the intercept is left out")
                              .in(0, 1e6)
                              .otherwise(0.0)},
           .example = R"({"type": "logistic"})"},
          make};
}

}  // namespace telegrad::training
