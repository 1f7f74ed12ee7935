#pragma once

#include <filesystem>

namespace telegrad::results {

/// Some space kept on a disk, so that a run which fills it can still say so in its database.
class Reserve final {
 public:
  /// Best effort: without space there is no reserve.
  explicit Reserve(const std::filesystem::path& folder);
  Reserve(const Reserve&) = delete;
  Reserve& operator=(const Reserve&) = delete;
  ~Reserve() { release(); }
  void release();

 private:
  std::filesystem::path file_;
};

}  // namespace telegrad::results
