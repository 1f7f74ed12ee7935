#pragma once

#include <filesystem>

namespace telegrad::results {

/// A folder, made with its parents and claimed for as long as this lives: a second program that claims it is refused.
class Claim final {
 public:
  /// Throws RunError(storage).
  explicit Claim(const std::filesystem::path& folder);
  ~Claim();
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  /// Whether some program has it now.
  static bool taken(const std::filesystem::path& folder);

 private:
  int handle_ = -1;
};

}  // namespace telegrad::results
