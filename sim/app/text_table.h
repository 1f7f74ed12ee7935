#pragma once

#include <string>
#include <vector>

namespace telegrad::app {

/// Rows with columns of equal width, two spaces apart; the last column is not padded. `indent` spaces before each.
std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t indent = 0);

}  // namespace telegrad::app
