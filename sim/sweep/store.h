#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "sim/results/digest.h"

namespace telegrad::sweep {

/// Finished cells and recordings, by key, shared by all sweeps of a user. An entry that has its name is whole;
/// several processes may write and read at the same time.
class Store final {
 public:
  /// Told about entries that were damaged: "FILE: ...; set aside as FILE.damaged".
  using Notice = std::function<void(const std::string&)>;

  /// Throws RunError(storage) where the folder cannot be made.
  Store(std::filesystem::path root, Notice notice);
  /// $TELEGRAD_STORE, else telegrad/store in the user's folder for caches.
  static std::filesystem::path usual_place();

  std::filesystem::path cell(const std::string& key) const { return file("cells", key); }
  std::filesystem::path recording(const std::string& key) const { return file("recordings", key); }

  /// nullopt where there is none, or none that is whole: that one is set aside.
  std::optional<results::Digest> find(const std::string& key) const;
  /// False where there is none, or none that is whole: that one is set aside.
  bool has_recording(const std::string& key) const;
  void set_aside(const std::filesystem::path& entry, const std::string& why) const;

 private:
  std::filesystem::path file(const char* kind, const std::string& key) const;

  std::filesystem::path root_;
  Notice notice_;
};

/// Puts the digest of a cell where a store looks for it; makes the folder. Throws RunError(storage).
void write_digest(const results::Digest& digest, const std::filesystem::path& entry);
/// Throws RunError(bad_data, storage).
results::Digest read_digest(const std::filesystem::path& entry);

}  // namespace telegrad::sweep
