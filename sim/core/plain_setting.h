#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/parameter.h"
#include "sim/core/value.h"

namespace telegrad {

/// So many mistakes of one kind in one list or object are told; a hostile file could hold millions.
inline constexpr std::size_t kMostAlike = 50;

/// Checks a setting that holds no settings of its own (every kind but object and typed). Reals come back as reals.
/// Nothing comes back when it is wrong; why is added to `problems` with the pointer `at`.
std::optional<Value> resolve_plain(const Value& user, const Parameter& parameter, const std::string& at,
                                   std::vector<Problem>& problems);

/// Adds "expected 'a' or 'b', found 'c'" with the nearest of the names.
void add_unknown(const Value& user, const std::vector<std::string>& names, const std::string& at,
                 std::vector<Problem>& problems);

/// Adds "expected an object, found the text 'x'".
void add_mismatch(const Value& user, const Parameter& parameter, const std::string& at,
                  std::vector<Problem>& problems);

}  // namespace telegrad
