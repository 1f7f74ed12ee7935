#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sim/core/errors.h"

namespace telegrad::results {

/// RunError(storage): "file: cannot do this (reason); remedy".
RunError storage_error(const std::filesystem::path& file, std::string_view what, std::string_view reason,
                       std::string_view remedy);

/// The same for a failed system call; `error` is its errno, from which the remedy follows.
RunError storage_error(const std::filesystem::path& file, std::string_view what, int error);

}  // namespace telegrad::results
