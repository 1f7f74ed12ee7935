#pragma once

#include <filesystem>

#include "training/datasets/dataset.h"

namespace telegrad::training {

inline constexpr const char* kFashionMnist = "/usr/share/datasets/fashion-mnist";  // of Debian's package

/// Reads the four MNIST-named IDX files of a folder, each with or without .gz. Pixels are normalised with mean
/// and deviation of the training images. Throws RunError(bad_data).
Dataset read_images(const std::filesystem::path& folder, std::uint64_t validation);

}  // namespace telegrad::training
