#include "sim/results/storage_error.h"

#include <cerrno>
#include <cstring>

namespace telegrad::results {
namespace {

const char* remedy_for(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return "free some space there, or choose another folder with --out";
    case EACCES:
    case EPERM:
    case EROFS: return "choose a folder with --out that you may write to";
    case ENOTDIR:
    case EEXIST:
      return "a file stands where a folder is needed: move it, or choose another folder with --out";
    default: return "check that disk, or choose another folder with --out";
  }
}

}  // namespace

RunError storage_error(const std::filesystem::path& file, std::string_view what, std::string_view reason,
                       std::string_view remedy) {
  std::string text = file.string();
  text.append(": ").append(what).append(" (").append(reason).append("); ").append(remedy);
  return RunError(Failure::storage, text);
}

RunError storage_error(const std::filesystem::path& file, std::string_view what, int error) {
  return storage_error(file, what, std::strerror(error), remedy_for(error));
}

}  // namespace telegrad::results
