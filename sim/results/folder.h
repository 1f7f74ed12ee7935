#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sim/results/claim.h"

namespace telegrad::results {

enum class Replace { no, yes };

/// The folder of one run, claimed for as long as this lives: a second run into it is refused. Results that lie
/// there already are refused too, unless they are to be replaced; then those files go, and no others.
class Folder final {
 public:
  /// Creates it and its parents. Throws RunError(storage).
  Folder(std::filesystem::path path, Replace replace);
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// In words what results lie in a folder; nullopt where there are none. For a check before anything is built.
  static std::optional<std::string> results_in(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path database() const { return path_ / "results.db"; }
  std::filesystem::path log() const { return path_ / "log.txt"; }
  /// A whole small file, such as scenario.json. Throws RunError(storage).
  void write(std::string_view name, std::string_view text) const;

 private:
  void make_room(Replace replace) const;

  std::filesystem::path path_;
  Claim claim_;
};

}  // namespace telegrad::results
