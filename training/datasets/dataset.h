#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/core/registry.h"

namespace telegrad::training {

/// The shape of one input.
struct InputShape {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t features() const { return channels * height * width; }
};

/// The number of a class.
using Label = std::uint16_t;

/// Inputs and what is to be learnt of them, read by many threads at once.
class Samples {
 public:
  /// Stands for a target that does not count, in the loss or in the accuracy (LibTorch's own choice).
  static constexpr std::int64_t kIgnored = -100;

  /// One label a sample. With more targets than one a sample's label is what partitions and histograms go by.
  explicit Samples(std::vector<Label> labels, std::size_t targets = 1)
      : labels_(std::move(labels)), targets_(targets) {}
  explicit Samples(const std::vector<std::uint8_t>& labels) : Samples({labels.begin(), labels.end()}, 1) {}
  virtual ~Samples() = default;

  std::size_t size() const { return labels_.size(); }
  std::span<const Label> labels() const { return labels_; }
  std::size_t targets() const { return targets_; }  // of one sample

  /// Copies the chosen samples as a model sees them: inputs [n, features] float32, targets [n, targets()]. `random`:
  /// where random changes of a batch (crops, flips) are drawn from, keyed by worker and round; none in evaluation.
  /// Throws RunError(bad_data) where a file turns out to be damaged.
  void gather(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
              const StreamKey* random = nullptr) const {
    fill(chosen, inputs, targets, random);
  }

 protected:
  /// A set with one label a sample and nothing random overrides this ...
  virtual void gather_inputs(std::span<const std::uint32_t> chosen, float* inputs) const;
  /// ... any other this.
  virtual void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
                    const StreamKey* random) const;

 private:
  std::vector<Label> labels_;
  std::size_t targets_;
};

/// What results call accuracy.
enum class Score { share_of_right_targets, mean_iou };

/// Training and test samples; the validation split is taken from the training samples.
struct Dataset {
  InputShape shape;
  std::uint32_t classes = 0;
  std::vector<std::int64_t> target_shape = {};  // of one sample, {height, width}; empty: one label
  std::uint32_t symbols = 0;                    // text: inputs are numbers of symbols below this; 0: values
  Score score = Score::share_of_right_targets;
  std::shared_ptr<const Samples> train;
  std::shared_ptr<const Samples> test;    // may be empty
  std::vector<std::uint32_t> users = {};  // whose each training sample is, from 0; empty where nobody knows
  std::uint64_t validation = 0;           // how many training samples to set aside
  std::optional<double> optimal_loss;  // of the logistic model on all training samples, where known exactly
  std::string origin;                  // folder or rule, for the results
};

/// How a dataset is read, and from which files; without `files` it is made up. Throws RunError(bad_data) with the
/// remedy.
struct MakeDataset {
  using Make = Dataset (*)(const Value& resolved, std::uint64_t seed);
  using Files = std::function<std::vector<std::filesystem::path>(const Value& resolved)>;
  MakeDataset(Make make_it, Files files_of_it = nullptr) : make(make_it), files(std::move(files_of_it)) {}
  Dataset operator()(const Value& resolved, std::uint64_t seed) const { return make(resolved, seed); }

  Make make;
  Files files;
};
const Registry<MakeDataset>& datasets();

/// The files that a dataset is read from, in the order of their names; none for one that is made up.
std::vector<std::filesystem::path> files_of(const Value& resolved);

/// All files below a folder, none where it is missing; and those of the parameter `folder`.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);
std::vector<std::filesystem::path> files_in_folder(const Value& resolved);

/// Which training samples are for learning and which for validation, each in rising order.
struct Split {
  std::vector<std::uint32_t> learning;
  std::vector<std::uint32_t> validation;
};
/// Draws the validation samples by seed. Throws RunError(bad_data) when nothing would be left to learn from.
Split split(const Dataset& dataset, std::uint64_t seed);

/// The stream for the place-th sample of a batch.
Stream stream_at(const StreamKey& batch, std::size_t place);

/// The parameter `validation` that every dataset has.
Parameter validation_parameter(std::int64_t otherwise);

}  // namespace telegrad::training
