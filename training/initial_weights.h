#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "training/layout.h"

namespace telegrad::training {

/// The flat vector [d] float32 that all replicas start from, drawn from a stream for each tensor.
at::Tensor draw_weights(const Layout& layout, std::uint64_t seed);

/// The flat vector of a file: .npy (little-endian float32, C order, any shape of d elements) or d raw
/// little-endian float32. Throws RunError(bad_data) for anything else, and for NaN or Inf.
at::Tensor read_weights(const std::filesystem::path& path, const Layout& layout);

}  // namespace telegrad::training
