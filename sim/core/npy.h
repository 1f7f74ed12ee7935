#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace telegrad {

/// What an .npy file begins with: this, two bytes of version, and the length of a Python dictionary in two bytes, from
/// version 2 on in four; then the dictionary. (NumPy's format.py)
inline constexpr std::string_view kNpyMagic = "\x93NUMPY";
inline constexpr std::size_t kLongestNpyHeader = 65536;

/// What the header says, as far as it does.
struct NpyHeader {
  std::optional<unsigned> version;  // none: the file ends before it
  std::size_t length = 0;           // of the dictionary, as stated
  std::size_t data =
      0;             // where the data begins; 0 for a header that is cut, too long, or of no known version
  std::string type;  // "<f4"
  bool c_order = false;
  std::optional<std::vector<std::int64_t>> shape;
};

/// bytes: the file, or its beginning. None for files of other kinds.
std::optional<NpyHeader> read_npy_header(std::span<const char> bytes);

}  // namespace telegrad
