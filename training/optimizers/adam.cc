#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "training/optimizers/optimizer.h"

namespace telegrad::training {
namespace {

struct Settings {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  float weight_decay = 0;
  bool bias_correction = true;
};

/// m = b1 m + (1 - b1) u;  v = b2 v + (1 - b2) u^2;  x -= rate * m / (sqrt(v) + epsilon), where both means are first
/// divided by 1 - b^t unless the correction is switched off, as FedAdam has it (Reddi et al. 2021).
class Adam final : public Optimizer {
 public:
  explicit Adam(const Settings& settings) : settings_(settings) {}

  Stride stride(const Replica& from, const at::Tensor& update, double learning_rate, double) const override {
    Stride to{at::empty_like(from.parameters)};
    to.velocity = at::empty_like(from.parameters);
    to.squares = at::empty_like(from.parameters);
    to.steps = from.steps + 1;
    const at::Tensor nothing = from.velocity.defined() ? at::Tensor() : at::zeros_like(from.parameters);
    const float* x = from.parameters.const_data_ptr<float>();
    const float* g = update.const_data_ptr<float>();
    const float* m_before = (nothing.defined() ? nothing : from.velocity).const_data_ptr<float>();
    const float* v_before = (nothing.defined() ? nothing : from.squares).const_data_ptr<float>();
    float* m = to.velocity.mutable_data_ptr<float>();
    float* v = to.squares.mutable_data_ptr<float>();
    float* out = to.values.mutable_data_ptr<float>();
    const auto t = static_cast<double>(to.steps);
    const double first = settings_.bias_correction ? 1 - std::pow(settings_.beta1, t) : 1;
    const double second = settings_.bias_correction ? 1 - std::pow(settings_.beta2, t) : 1;
    const auto b1 = static_cast<float>(settings_.beta1), b2 = static_cast<float>(settings_.beta2);
    const auto rate = static_cast<float>(learning_rate / first);
    const auto scale = static_cast<float>(1 / std::sqrt(second));
    const auto epsilon = static_cast<float>(settings_.epsilon);
    for (std::int64_t i = 0; i < from.parameters.numel(); ++i) {
      const float u = g[i] + settings_.weight_decay * x[i];
      m[i] = b1 * m_before[i] + (1 - b1) * u;
      v[i] = b2 * v_before[i] + (1 - b2) * u * u;
      out[i] = rate * m[i] / (std::sqrt(v[i]) * scale + epsilon);
    }
    return to;
  }

  OptimizerFacts facts() const override {
    return {.momentum = settings_.beta1, .scale_free = true, .bytes_per_parameter = 28.0};
  }

 private:
  Settings settings_;
};

std::unique_ptr<Optimizer> make(const Value& resolved) {
  Settings settings;
  settings.beta1 = resolved["beta1"].number();
  settings.beta2 = resolved["beta2"].number();
  settings.epsilon = resolved["epsilon"].number();
  settings.weight_decay = static_cast<float>(resolved["weight_decay"].number());
  settings.bias_correction = resolved["bias_correction"].boolean();
  return std::make_unique<Adam>(settings);
}

}  // namespace

Entry<MakeOptimizer> adam_optimizer() {
  return {
      {.name = "adam",
       .summary = "steps by running means of updates and of their squares; at a server: FedAdam",
       .source = "Kingma, Ba 2015; Reddi et al. 2021",
       .parameters =
           {real("learning_rate", "step size; tune it on the validation split").over(0, 1e6),
            real("beta1", "share of the last mean that stays").in(0, 0.9999).otherwise(0.9),
            real("beta2", "the same of the squares").in(0, 0.99999).otherwise(0.999),
            real("epsilon", "added to the root of the squares; FedAdam's tau, about 1e-3")
                .above(0)
                .otherwise(1e-8),
            boolean("bias_correction", "of both means in the first steps; FedAdam has none").otherwise(true),
            real("weight_decay", "pull of every weight to zero, added to the update").in(0, 1).otherwise(0.0),
            real("clip_norm", "longest gradient of a worker, clipped before it is compressed")
                .above(0)
                .optional(),
            typed("schedule", "schedules", "how the learning rate changes")
                .otherwise_json(R"({"type": "constant"})")},
       .example = R"({"type": "adam", "learning_rate": 0.001})"},
      make};
}

}  // namespace telegrad::training
