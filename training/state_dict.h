#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "training/models/model.h"

namespace telegrad::training {

/// All that a model consists of.
struct ModelState {
  at::Tensor parameters;  // [d] float32
  at::Tensor buffers;     // [b] float32, undefined where the model has none
};

/// Whether a file is an archive of torch.save, by its first bytes.
bool is_state_dict(const std::filesystem::path& path);

/// A file that Python's torch.load reads, with weights_only too: names to float32 tensors, buffers behind parameters.
/// Throws RunError(storage).
void write_state_dict(const std::filesystem::path& path, const Model& model, const ModelState& state);

/// What torch.save(model.state_dict(), path) has written: every tensor of the model by name and shape, of any floating
/// type; `num_batches_tracked` is passed over. Runs nothing of the file. Throws RunError(bad_data) for anything else, and
/// for NaN or Inf.
ModelState read_state_dict(const std::filesystem::path& path, const Model& model);

}  // namespace telegrad::training
