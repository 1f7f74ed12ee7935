#pragma once

#include <filesystem>
#include <string>

#include "sim/core/value.h"

namespace telegrad::sweep {

/// A name for whatever a result depends on: 32 hexadecimal digits (XXH3, 128 bits) of its JSON text.
std::string key_of(const Value& what);

/// The same of a file's bytes; "" where it cannot be read.
std::string key_of_file(const std::filesystem::path& file);

}  // namespace telegrad::sweep
