#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/value.h"

namespace telegrad {

inline constexpr std::size_t kLargestJson = std::size_t{16} << 20;  // bytes
inline constexpr int kDeepestJson = 64;                             // arrays and objects within each other

/// What a JSON text held, and everything wrong with it.
struct Parsed {
  Value value;
  std::vector<Problem> problems;
  bool complete = false;  // false: a syntax error or a limit ended the reading, `value` is null
};

/// Strict JSON (RFC 8259): duplicate keys, numbers that do not fit, broken UTF-8, U+0000, a byte order mark,
/// anything over the limits are problems. A number without fraction and exponent is an integer, any other a real.
Parsed parse_json(std::string_view text);

/// The same for a file; one that cannot be read is a problem too.
Parsed read_json(const std::filesystem::path& file);

/// A JSON text of our own making (a default, an example): problems in it are our bug.
Value trusted_json(std::string_view text);

/// indent 0: one line. Numbers are the shortest that read back as the same; a real keeps its ".0", so that
/// parse_json(dump_json(x)).value == x. NaN and infinities become null.
std::string dump_json(const Value& value, int indent = 0);

}  // namespace telegrad
