#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/value.h"

namespace telegrad {

/// One step of a JSON pointer (RFC 6901) with ~ and / escaped.
std::string escape_step(std::string_view key);

/// "/a~1b/0" -> {"a/b", "0"}; "" -> {}. Nothing when it is not a pointer.
std::optional<std::vector<std::string>> split_pointer(std::string_view pointer);

/// The value there, or nullptr.
const Value* find_at(const Value& root, std::string_view pointer);

/// The deepest value on the way that exists; the root at least.
const Value& nearest_at(const Value& root, std::string_view pointer);

/// Puts a value there: objects on the way are made, "-" and the length of an array append to it. Returns an empty
/// text, or why it cannot be done.
std::string set_at(Value& root, std::string_view pointer, Value value);

/// Removes a member or an element; absence is no mistake. Returns as set_at does.
std::string remove_at(Value& root, std::string_view pointer);

/// Whether `pointer` is `ancestor` or lies below it.
bool lies_within(std::string_view pointer, std::string_view ancestor);

}  // namespace telegrad
