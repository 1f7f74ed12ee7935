#include "training/datasets/file_bytes.h"

#include <algorithm>
#include <fstream>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 22;

}  // namespace

void refuse(const std::filesystem::path& path, const std::string& what, const std::string& remedy) {
  throw RunError(Failure::bad_data,
                 "'" + path.string() + "' " + what + (remedy.empty() ? "" : "; " + remedy));
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path, std::uint64_t most,
                                   const std::string& remedy) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) refuse(path, "is missing", remedy);
  const std::uint64_t stated = std::filesystem::file_size(path, error);
  if (error || stated > most) refuse(path, "has more than " + grouped(most) + " bytes", remedy);
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, "cannot be opened", remedy);
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < stated) {
    const std::size_t from = bytes.size();
    const std::size_t want = std::min<std::uint64_t>(kChunk, stated - from);
    bytes.resize(from + want);
    file.read(reinterpret_cast<char*>(bytes.data() + from), static_cast<std::streamsize>(want));
    if (static_cast<std::size_t>(file.gcount()) != want) refuse(path, "cannot be read to its end", remedy);
  }
  return bytes;
}

}  // namespace telegrad::training
