#include "training/datasets/dataset.h"

#include <algorithm>
#include <numeric>

#include "sim/core/errors.h"
#include "training/shuffle.h"

namespace telegrad::training {
namespace {

/// Links to folders are followed. No set has folders as deep; a link to one that it lies in would lead on for ever.
constexpr int kDeepest = 4;

}  // namespace

void Samples::gather_inputs(std::span<const std::uint32_t>, float*) const {
  expect(false, "a way to gather inputs");
}

void Samples::fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
                   const StreamKey*) const {
  for (std::size_t i = 0; i < chosen.size(); ++i) targets[i] = labels_[chosen[i]];
  gather_inputs(chosen, inputs);
}

Stream stream_at(const StreamKey& batch, std::size_t place) {
  StreamKey key = batch;
  key.tensor = static_cast<std::uint32_t>(place);
  return Stream(key);
}

Split split(const Dataset& dataset, std::uint64_t seed) {
  std::size_t total = dataset.train->size();
  if (dataset.validation >= total) {
    throw RunError(Failure::bad_data, "the validation split of " + std::to_string(dataset.validation) +
                                          " leaves none of the " + std::to_string(total) +
                                          " training samples; lower /training/dataset/validation");
  }
  std::vector<std::uint32_t> order(total);
  std::iota(order.begin(), order.end(), 0U);
  Stream stream(StreamKey{.seed = seed, .purpose = Purpose::validation_split});
  if (dataset.validation > 0) shuffle(order, stream);
  auto middle = order.begin() + static_cast<std::ptrdiff_t>(dataset.validation);
  Split parts{{middle, order.end()}, {order.begin(), middle}};
  std::sort(parts.learning.begin(), parts.learning.end());
  std::sort(parts.validation.begin(), parts.validation.end());
  return parts;
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code gone;
  const auto links = fs::directory_options::follow_directory_symlink;
  for (fs::recursive_directory_iterator at(folder, links, gone), end; at != end; at.increment(gone)) {
    if (at.depth() >= kDeepest) at.disable_recursion_pending();
    if (at->is_regular_file(gone)) files.push_back(at->path());
  }
  return files;
}

std::vector<std::filesystem::path> files_in_folder(const Value& resolved) {
  return files_below(resolved["folder"].text());
}

Parameter validation_parameter(std::int64_t otherwise) {
  return integer("validation", "samples taken from the training set by seed for validation")
      .in(0, 1e8)
      .otherwise(otherwise);
}

}  // namespace telegrad::training
