#pragma once

#include <optional>

#include "training/models/layers.h"
#include "training/models/model.h"

namespace telegrad::training {

/// A model that is one sequence of layers over an image.
class Network : public Model {
 public:
  at::Tensor logits(const Pass& pass, const at::Tensor& inputs) const final {
    return layers_(pass, inputs.view({-1, input_.channels, input_.height, input_.width}));
  }
  std::int64_t answers() const final { return layers_.extent().height * layers_.extent().width; }

 protected:
  explicit Network(const InputShape& shape)
      : input_{shape.channels, shape.height, shape.width}, ledger_{layout_, buffers_, multiply_accumulates_},
        layers_(ledger_, input_) {}
  /// To be written down in the constructor of a derived class.
  Layers& layers() { return layers_; }

 private:
  Extent input_;
  Ledger ledger_;
  Layers layers_;
};

/// Throws ScenarioError, naming the model, where images are smaller than it can take.
void require_images(const char* model, const InputShape& shape, std::int64_t least);

}  // namespace telegrad::training
