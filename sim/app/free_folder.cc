#include "sim/app/free_folder.h"

#include <cctype>

namespace telegrad::app {

std::filesystem::path free_folder(const std::string& name) {
  std::string safe;
  for (char c : name) {
    bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                 (c == '.' && !safe.empty());
    safe += plain ? c : '_';
  }
  std::filesystem::path first = std::filesystem::path("runs") / safe;
  std::filesystem::path folder = first;
  for (int i = 2; std::filesystem::exists(folder); ++i) folder = first.string() + "-" + std::to_string(i);
  return folder;
}

}  // namespace telegrad::app
