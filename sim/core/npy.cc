#include "sim/core/npy.h"

#include <algorithm>
#include <charconv>

namespace telegrad {
namespace {

constexpr std::size_t kLengthAt = 8;

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  return text;
}

/// What stands behind a key and its colon, to the dictionary's end; empty where there is none.
std::string_view behind(std::string_view dictionary, std::string_view key) {
  const std::size_t at = dictionary.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = without_blanks(dictionary.substr(at + key.size()));
  return rest.starts_with(':') ? without_blanks(rest.substr(1)) : std::string_view();
}

/// "(2, 30)" and what follows; none for anything else.
std::optional<std::vector<std::int64_t>> sizes_of(std::string_view text) {
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) return {};
  std::string_view rest = without_blanks(text.substr(1, end - 1));
  std::vector<std::int64_t> sizes;
  while (!rest.empty()) {
    std::int64_t size = -1;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), size);
    if (read.ec != std::errc() || size < 0) return {};
    rest = without_blanks(rest.substr(static_cast<std::size_t>(read.ptr - rest.data())));
    if (!rest.empty() && rest.front() != ',') return {};
    rest = rest.empty() ? rest : without_blanks(rest.substr(1));
    sizes.push_back(size);
  }
  return sizes;
}

void read_dictionary(std::string_view text, NpyHeader& header) {
  const std::string_view type = behind(text, "'descr'");
  const std::size_t end = type.starts_with('\'') ? type.find('\'', 1) : std::string_view::npos;
  if (end != std::string_view::npos) header.type = type.substr(1, end - 1);
  header.c_order = behind(text, "'fortran_order'").starts_with("False");
  header.shape = sizes_of(behind(text, "'shape'"));
}

}  // namespace

std::optional<NpyHeader> read_npy_header(std::span<const char> bytes) {
  if (!std::string_view(bytes.data(), bytes.size()).starts_with(kNpyMagic)) return {};
  NpyHeader header;
  if (bytes.size() < kLengthAt + 2) return header;
  auto byte = [&](std::size_t at) { return std::size_t{static_cast<unsigned char>(bytes[at])}; };
  header.version = static_cast<unsigned>(byte(kNpyMagic.size()));
  if (*header.version < 1 || *header.version > 3) return header;
  const std::size_t from = kLengthAt + (*header.version == 1 ? 2 : 4);
  if (bytes.size() < from) return header;
  for (std::size_t at = from; at > kLengthAt; --at) header.length = header.length << 8 | byte(at - 1);
  if (header.length > kLongestNpyHeader || from + header.length > bytes.size()) return header;
  header.data = from + header.length;
  read_dictionary({bytes.data() + from, header.length}, header);
  return header;
}

}  // namespace telegrad
