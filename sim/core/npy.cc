#include "sim/core/npy.h"

#include <regex>

namespace telegrad {
namespace {

constexpr std::size_t kLengthAt = 8;

void read_dictionary(const std::string& text, NpyHeader& header) {
  std::smatch found;
  if (std::regex_search(text, found, std::regex("'descr'\\s*:\\s*'([^']*)'"))) header.type = found[1];
  header.c_order = std::regex_search(text, std::regex("'fortran_order'\\s*:\\s*False"));
  if (!std::regex_search(text, found, std::regex("'shape'\\s*:\\s*\\(([0-9, ]*)\\)"))) return;
  const std::string sizes = found[1];
  const std::regex number("[0-9]{1,18}");
  header.shape.emplace();
  for (auto at = std::sregex_iterator(sizes.begin(), sizes.end(), number); at != std::sregex_iterator();
       ++at) {
    header.shape->push_back(std::stoll(at->str()));
  }
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
  read_dictionary(std::string(bytes.data() + from, header.length), header);
  return header;
}

}  // namespace telegrad
