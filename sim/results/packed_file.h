#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace telegrad::results {

/// Writes bytes, compressed and with a checksum (zstd), under a temporary name first: a file that has its name is
/// whole, whatever ends the process. what: "recording", for messages. Throws RunError(storage).
void write_packed(std::string_view bytes, const std::filesystem::path& file, const std::string& what);

/// Reads them back. Throws RunError(bad_data) for a file that write_packed did not make or that was changed since, and
/// RunError(storage) for one that cannot be read. remedy: "record it again".
std::string read_packed(const std::filesystem::path& file, const std::string& what,
                        const std::string& remedy);

}  // namespace telegrad::results
