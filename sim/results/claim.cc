#include "sim/results/claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "sim/results/storage_error.h"

namespace telegrad::results {
namespace {

int open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

// Not every file system can lock a folder; then nothing guards against a second program.
bool locked_by_another(int handle) { return ::flock(handle, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; }

}  // namespace

Claim::Claim(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder)) {
    throw storage_error(folder, "the folder cannot be made", error ? error.value() : ENOTDIR);
  }
  handle_ = open_folder(folder);
  if (handle_ < 0) throw storage_error(folder, "the folder cannot be used", errno);
  if (!locked_by_another(handle_)) return;
  ::close(handle_);
  throw storage_error(folder, "the folder is taken", "a run is writing there",
                      "wait until it ends, or choose another folder with --out");
}

Claim::~Claim() { ::close(handle_); }

bool Claim::taken(const std::filesystem::path& folder) {
  int handle = open_folder(folder);
  if (handle < 0) return false;
  bool locked = locked_by_another(handle);
  ::close(handle);
  return locked;
}

}  // namespace telegrad::results
