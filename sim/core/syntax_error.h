#pragma once

#include <cstddef>
#include <string_view>

#include "sim/core/errors.h"
#include "sim/core/places.h"

namespace telegrad {

/// Says what is wrong with a text that is no JSON. byte: how many bytes the parser had read; what: its message;
/// places: stands behind the last good token.
Problem explain_syntax_error(std::string_view text, std::size_t byte, std::string_view what, Places places);

}  // namespace telegrad
