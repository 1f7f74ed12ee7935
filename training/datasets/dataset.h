#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/core/registry.h"

namespace telegrad::training {

/// The shape of one input.
struct InputShape {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t features() const { return channels * height * width; }
};

/// Inputs and labels in memory, read by many threads at once.
class Samples {
 public:
  explicit Samples(std::vector<std::uint8_t> labels) : labels_(std::move(labels)) {}
  virtual ~Samples() = default;

  std::size_t size() const { return labels_.size(); }
  std::span<const std::uint8_t> labels() const { return labels_; }
  /// Copies the chosen samples as a model sees them: inputs [n, features] float32, labels [n].
  void gather(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* labels) const;

 protected:
  virtual void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const = 0;

 private:
  std::vector<std::uint8_t> labels_;
};

/// Training and test samples; the validation split is taken from the training samples.
struct Dataset {
  InputShape shape;
  std::uint32_t classes = 0;
  std::shared_ptr<const Samples> train;
  std::shared_ptr<const Samples> test;  // may be empty
  std::uint64_t validation = 0;         // how many training samples to set aside
  std::optional<double> optimal_loss;   // of the logistic model on all training samples, where known exactly
  std::string origin;                   // folder or rule, for the results
};

/// Throws RunError(bad_data) with the remedy.
using MakeDataset = std::function<Dataset(const Value& resolved, std::uint64_t seed)>;
const Registry<MakeDataset>& datasets();

/// The files that a dataset is read from, in the order of their names; none for one that is made up.
std::vector<std::filesystem::path> files_of(const Value& resolved);

/// Which training samples are for learning and which for validation, each in rising order.
struct Split {
  std::vector<std::uint32_t> learning;
  std::vector<std::uint32_t> validation;
};
/// Draws the validation samples by seed. Throws RunError(bad_data) when nothing would be left to learn from.
Split split(const Dataset& dataset, std::uint64_t seed);

/// The parameter `validation` that every dataset has.
Parameter validation_parameter(std::int64_t otherwise);

}  // namespace telegrad::training
