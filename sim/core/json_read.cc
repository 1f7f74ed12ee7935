#include <fstream>
#include <system_error>

#include "sim/core/json.h"

namespace telegrad {
namespace {

Parsed refused(std::string message) {
  Parsed parsed;
  parsed.problems.push_back(Problem{"", 0, 0, std::move(message), {}});
  return parsed;
}

}  // namespace

Parsed read_json(const std::filesystem::path& file) {
  std::error_code error;
  auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return refused("no such file");
  if (std::filesystem::is_directory(status)) return refused("is a directory, expected a JSON file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return refused("cannot be opened for reading");
  // One byte over the limit is enough to know; a device or pipe may have no end.
  std::string text;
  constexpr std::size_t kStep = std::size_t{1} << 20;
  while (stream && text.size() <= kLargestJson) {
    std::size_t before = text.size();
    text.resize(before + kStep);
    stream.read(text.data() + before, static_cast<std::streamsize>(kStep));
    text.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return refused("cannot be read to its end");
  return parse_json(text);
}

Value trusted_json(std::string_view text) {
  Parsed parsed = parse_json(text);
  if (!parsed.problems.empty()) {
    expect(false, parsed.problems.front().message + " in " + std::string(text.substr(0, 200)));
  }
  return std::move(parsed.value);
}

}  // namespace telegrad
