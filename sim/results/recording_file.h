#pragma once

#include <filesystem>
#include <string>

#include "sim/core/recording.h"

namespace telegrad::results {

/// Writes a recording, compressed (zstd), under a temporary name first: a file that has its name is whole.
/// Throws RunError(storage).
void write_recording(const Recording& recording, const std::filesystem::path& file);

/// Reads it back. Throws RunError(bad_data) for bytes that are no recording of this version, whatever they are,
/// and RunError(storage) for a file that cannot be read.
Recording read_recording(const std::filesystem::path& file);

/// The bytes of a recording before compression; format in the README of this folder.
std::string pack(const Recording& recording);
Recording unpack_recording(std::string_view bytes, const std::string& name);

}  // namespace telegrad::results
