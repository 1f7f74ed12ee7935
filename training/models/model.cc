#include "training/models/model.h"

#include <cmath>

namespace telegrad::training {

void Model::add_layer(const std::string& name, std::vector<std::int64_t> weight_shape,
                      std::int64_t positions) {
  std::int64_t outputs = weight_shape.front();
  std::int64_t fan_in = 1;
  for (std::size_t i = 1; i < weight_shape.size(); ++i) fan_in *= weight_shape[i];
  double bound = 1.0 / std::sqrt(static_cast<double>(fan_in));
  layout_.add(name + ".weight", std::move(weight_shape), bound);
  layout_.add(name + ".bias", {outputs}, bound);
  multiply_accumulates_ += static_cast<double>(outputs * fan_in * positions);
}

}  // namespace telegrad::training
