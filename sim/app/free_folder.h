#pragma once

#include <filesystem>
#include <string>

namespace telegrad::app {

/// runs/NAME, or runs/NAME-2 ... when that is there already.
std::filesystem::path free_folder(const std::string& name);

}  // namespace telegrad::app
