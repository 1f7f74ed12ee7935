#pragma once

#include <cstring>
#include <utility>
#include <vector>

#include "training/datasets/dataset.h"

namespace telegrad::training {

/// Inputs as rows of floats, one behind the other.
class FloatRows final : public Samples {
 public:
  FloatRows(std::vector<Label> labels, std::vector<float> rows, std::size_t features)
      : Samples(std::move(labels)), rows_(std::move(rows)), features_(features) {}

 protected:
  void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const override {
    for (std::uint32_t sample : chosen) {
      std::memcpy(inputs, rows_.data() + sample * features_, features_ * sizeof(float));
      inputs += features_;
    }
  }

 private:
  std::vector<float> rows_;
  std::size_t features_;
};

}  // namespace telegrad::training
