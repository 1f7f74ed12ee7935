#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>

#include "training/optimizers/optimizer.h"

namespace telegrad::training {
namespace {

struct Settings {
  float momentum = 0;
  float weight_decay = 0;
  bool nesterov = false;
};

/// u = update + decay * x;  v = momentum * v + u;  x -= rate * (nesterov ? u + momentum * v : v), as
/// LibTorch's SGD does it. Weight decay joins after decompression. All sums are of float32, one coordinate at a
/// time, so that a plain loop gives the same bits.
class Sgd final : public Optimizer {
 public:
  explicit Sgd(const Settings& settings) : settings_(settings) {}

  Stride stride(const Replica& from, const at::Tensor& update, double learning_rate,
                double update_rate) const override {
    Stride to{at::empty_like(from.parameters)};
    const float* x = from.parameters.const_data_ptr<float>();
    const float* g = update.const_data_ptr<float>();
    float* out = to.values.mutable_data_ptr<float>();
    // Where the update carries the learning rate already, the decay gets it here and the step none.
    auto rate = static_cast<float>(update_rate);
    auto decay =
        static_cast<float>(settings_.weight_decay * (update_rate == learning_rate ? 1 : learning_rate));
    std::int64_t size = from.parameters.numel();
    if (settings_.momentum == 0) {
      for (std::int64_t i = 0; i < size; ++i) out[i] = rate * (g[i] + decay * x[i]);
      return to;
    }
    to.velocity = from.velocity.defined() ? at::empty_like(from.velocity) : at::zeros_like(from.parameters);
    float* v = to.velocity.mutable_data_ptr<float>();
    const float* before = from.velocity.defined() ? from.velocity.const_data_ptr<float>() : v;
    for (std::int64_t i = 0; i < size; ++i) {
      float u = g[i] + decay * x[i];
      v[i] = settings_.momentum * before[i] + u;
      out[i] = rate * (settings_.nesterov ? u + settings_.momentum * v[i] : v[i]);
    }
    return to;
  }

  OptimizerFacts facts() const override {
    return {.momentum = settings_.momentum, .bytes_per_parameter = settings_.momentum == 0 ? 12.0 : 20.0};
  }

 private:
  Settings settings_;
};

std::unique_ptr<Optimizer> make(const Value& resolved) {
  Settings settings;
  settings.momentum = static_cast<float>(resolved["momentum"].number());
  settings.weight_decay = static_cast<float>(resolved["weight_decay"].number());
  settings.nesterov = resolved["nesterov"].boolean();
  return std::make_unique<Sgd>(settings);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  bool idle = resolved["nesterov"].boolean() && resolved["momentum"].number() == 0;
  if (idle) problems.push_back({"/nesterov", 0, 0, "has no effect without momentum", "give a momentum"});
}

}  // namespace

Entry<MakeOptimizer> sgd_optimizer() {
  return {
      {.name = "sgd",
       .summary = "stochastic gradient descent with momentum, Nesterov's variant and weight decay",
       .source = "",
       .parameters = {real("learning_rate", "step size; tune it on the validation split").over(0, 1e6),
                      real("momentum", "share of the last step that goes on").in(0, 0.9999).otherwise(0.0),
                      boolean("nesterov", "look ahead along the momentum").otherwise(false),
                      real("weight_decay", "pull of every weight to zero, added after decompression")
                          .in(0, 1)
                          .otherwise(0.0),
                      real("clip_norm", "longest gradient of a worker, clipped before it is compressed")
                          .above(0)
                          .optional(),
                      typed("schedule", "schedules", "how the learning rate changes")
                          .otherwise_json(R"({"type": "constant"})")},
       .example = R"({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9})",
       .check = check},
      make};
}

}  // namespace telegrad::training
