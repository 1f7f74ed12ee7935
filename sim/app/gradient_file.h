#pragma once

#include <filesystem>
#include <span>

#include "sim/core/training.h"

namespace telegrad::app {

/// Reads a gradient from an .npy file (version 1 to 3, '<f4' or '<f8', C order) or from raw float32, little endian,
/// which is then a vector. Throws RunError(bad_data) that names the file, what is wrong and what was expected.
GivenGradient read_gradient(const std::filesystem::path& path);

/// Writes an .npy file of float32. Throws RunError(storage).
void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape,
               std::span<const float> values);

}  // namespace telegrad::app
