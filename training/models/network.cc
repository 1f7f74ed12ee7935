#include "training/models/network.h"

#include "sim/core/errors.h"

namespace telegrad::training {

void require_images(const char* model, const InputShape& shape, std::int64_t least) {
  if (shape.height >= least && shape.width >= least) return;
  auto size = [](std::int64_t height, std::int64_t width) {
    return std::to_string(height) + "x" + std::to_string(width);
  };
  throw ScenarioError("", {{"/training/model/type", 0, 0,
                            std::string(model) + " needs images of at least " + size(least, least) +
                                ", these are " + size(shape.height, shape.width),
                            "choose mlp or logistic"}});
}

}  // namespace telegrad::training
