#pragma once

#include <string>

namespace telegrad {

/// A text with one number in it, as printf writes it: formatted("%.0f bytes", 12). At most 255 characters.
std::string formatted(const char* format, double value);

}  // namespace telegrad
