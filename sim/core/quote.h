#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace telegrad {

/// A text of the user's in quotes for a message: control characters escaped, long ones cut.
std::string quote(std::string_view text);

std::vector<std::string> quote_all(const std::vector<std::string>& texts);

/// The candidate that differs by the fewest edits (insert, delete, replace, swap neighbours; case is ignored), if
/// they are few enough for a slip of the fingers.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& candidates);

/// "a", "a or b", "a, b or c".
std::string one_of(const std::vector<std::string>& words);

}  // namespace telegrad
