#include "training/optimizers/optimizer.h"

namespace telegrad::training {

Replica Optimizer::after(const Replica& from, Stride stride) {
  const float* x = from.parameters.const_data_ptr<float>();
  float* out = stride.values.mutable_data_ptr<float>();  // in place: it is nobody else's
  for (std::int64_t i = 0; i < from.parameters.numel(); ++i) out[i] = x[i] - out[i];
  return {.identity = 0,
          .parameters = std::move(stride.values),
          .velocity = std::move(stride.velocity),
          .squares = std::move(stride.squares),
          .steps = stride.steps};
}

#define TELEGRAD_ENTRY(name) Entry<MakeOptimizer> name##_optimizer();
#include "training/optimizers/list.def"
#undef TELEGRAD_ENTRY

const Registry<MakeOptimizer>& optimizers() {
  static const Registry<MakeOptimizer> registry("optimizers", "how an averaged update changes the model",
                                                {
#define TELEGRAD_ENTRY(name) name##_optimizer(),
#include "training/optimizers/list.def"
#undef TELEGRAD_ENTRY
                                                });
  return registry;
}

}  // namespace telegrad::training
