#include "sim/sweep/store.h"

#include <cstdlib>

#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/results/packed_file.h"
#include "sim/results/recording_file.h"

namespace telegrad::sweep {
namespace {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return;
  throw RunError(Failure::storage, folder.string() + ": the folder cannot be made (" + error.message() +
                                       "); choose another with TELEGRAD_STORE or --store");
}

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

Store::Store(std::filesystem::path root, Notice notice) : root_(std::move(root)), notice_(std::move(notice)) {
  make_folder(root_);
}

std::filesystem::path Store::usual_place() {
  if (const char* place = variable("TELEGRAD_STORE")) return place;
  if (const char* caches = variable("XDG_CACHE_HOME"))
    return std::filesystem::path(caches) / "telegrad/store";
  const char* home = variable("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".cache/telegrad/store";
}

std::filesystem::path Store::file(const char* kind, const std::string& key) const {
  return root_ / kind / key.substr(0, 2) / (key.substr(2) + ".zst");
}

std::optional<results::Digest> Store::find(const std::string& key) const {
  std::filesystem::path entry = cell(key);
  std::error_code ignored;
  if (!std::filesystem::exists(entry, ignored)) return std::nullopt;
  try {
    return read_digest(entry);
  } catch (const RunError& error) {
    set_aside(entry, error.what());
    return std::nullopt;
  }
}

bool Store::has_recording(const std::string& key) const {
  std::filesystem::path entry = recording(key);
  std::error_code ignored;
  if (!std::filesystem::exists(entry, ignored)) return false;
  try {
    results::read_recording(entry);
    return true;
  } catch (const RunError& error) {
    set_aside(entry, error.what());
    return false;
  }
}

void Store::set_aside(const std::filesystem::path& entry, const std::string& why) const {
  std::filesystem::path aside = entry;
  aside += ".damaged";
  std::error_code error;
  std::filesystem::rename(entry, aside, error);
  notice_(why + (error ? "; it could not be set aside" : "; set aside as " + aside.filename().string()) +
          ", it is computed again");
}

void write_digest(const results::Digest& digest, const std::filesystem::path& entry) {
  make_folder(entry.parent_path());
  results::write_packed(dump_json(results::to_value(digest)), entry, "result");
}

results::Digest read_digest(const std::filesystem::path& entry) {
  Parsed parsed = parse_json(results::read_packed(entry, "result", "run its cell again"));
  return results::digest_of(parsed.value, entry.string());
}

}  // namespace telegrad::sweep
