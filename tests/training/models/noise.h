#pragma once

// Inputs without meaning, for models of any shape.

#include <numeric>

#include "sim/core/resolve.h"
#include "training/datasets/dataset.h"
#include "training/models/model.h"

namespace telegrad::testing_support {

class Noise final : public training::Samples {
 public:
  Noise(std::size_t count, std::int64_t features, std::uint32_t classes)
      : Samples(labels_of(count, classes)), features_(features) {}

 protected:
  void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const override {
    for (std::uint32_t sample : chosen) {
      Stream stream(StreamKey{.seed = sample, .purpose = Purpose::dataset});
      for (std::int64_t i = 0; i < features_; ++i) *inputs++ = static_cast<float>(stream.normal());
    }
  }

 private:
  static std::vector<std::uint8_t> labels_of(std::size_t count, std::uint32_t classes) {
    std::vector<std::uint8_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::uint8_t>(i % classes);
    return labels;
  }
  std::int64_t features_;
};

inline training::Dataset noise(training::InputShape shape, std::uint32_t classes = 3,
                               std::size_t count = 12) {
  training::Dataset dataset;
  dataset.shape = shape;
  dataset.classes = classes;
  dataset.train = std::make_shared<Noise>(count, shape.features(), classes);
  dataset.test = dataset.train;
  return dataset;
}

inline std::vector<std::uint32_t> all_of(const training::Samples& samples) {
  std::vector<std::uint32_t> all(samples.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

inline const Catalogues& model_catalogues() {
  static const Catalogues catalogues = [] {
    Catalogues all;
    all.add(training::models().catalogue());
    return all;
  }();
  return catalogues;
}

/// A described model, every default filled in.
inline std::unique_ptr<training::Model> model(const std::string& json, const training::Dataset& dataset) {
  const Catalogues& all = model_catalogues();
  return training::models().make(resolve_trusted(json, all.at("models"), all), dataset);
}

}  // namespace telegrad::testing_support
