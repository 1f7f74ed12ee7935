#pragma once

#include <array>
#include <filesystem>
#include <vector>

#include "training/datasets/dataset.h"
#include "training/images/resize.h"

namespace telegrad::training {

/// The images of one folder, .jpg, .jpeg, .JPEG or .png, in the order of their names.
std::vector<std::filesystem::path> images_in(const std::filesystem::path& folder);

/// Throws RunError(bad_data) that names the file.
images::Image read_image(const std::filesystem::path& path);
/// Reads headers, of at most 20,000 files evenly spaced. Throws RunError(bad_data) that names the first that is damaged.
void check_headers(const std::vector<std::filesystem::path>& paths);

/// Writes [3, height, width], each channel less its mean over ImageNet, over its deviation there. (He et al. 2016)
void write_normalised(const images::Image& image, bool mirrored, float* input);

/// Where a square of `size` lies in an image of this size whose shorter side becomes `shorter`, in the middle.
images::Box centre_box(images::Size image, int shorter, int size);

/// 8 to 100 % of the image's area, of an aspect from 3/4 to 4/3; after ten draws that do not fit, the middle.
/// (Szegedy et al. 2015)
images::Box random_box(images::Size image, Stream& stream);

}  // namespace telegrad::training
