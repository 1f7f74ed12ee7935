#pragma once

#include <cstdint>
#include <filesystem>
#include <unordered_map>

#include "training/datasets/targets.h"
#include "training/images/image.h"

namespace telegrad::training {

/// Every class of the file by itself, or CamVid's eleven groups of them (Sturgess et al. 2009).
enum class Grouping { none, eleven };

/// Which class a colour of a label image stands for.
class ClassColours final {
 public:
  /// Reads lines "name,r,g,b" after one with headings. A class named Void or Unlabelled does not count. Throws
  /// RunError(bad_data) that names file and line.
  ClassColours(const std::filesystem::path& path, Grouping grouping);

  std::uint32_t classes() const { return classes_; }
  /// [height, width]. Throws RunError(bad_data) that names `path` and the first pixel of an unknown colour.
  std::vector<Label> labels_of(const images::Image& image, const std::filesystem::path& path) const;

 private:
  std::filesystem::path path_;
  std::unordered_map<std::uint32_t, Label> by_colour_;
  std::uint32_t classes_ = 0;
};

}  // namespace telegrad::training
