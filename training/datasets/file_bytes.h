#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace telegrad::training {

/// A whole file. Throws RunError(bad_data) that names it and ends in `remedy` where it cannot be read or is larger than
/// `most` bytes.
std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path, std::uint64_t most,
                                   const std::string& remedy);

/// 30730000 as "30,730,000".
std::string grouped(std::uint64_t number);

/// Throws RunError(bad_data): "'path' what; remedy".
[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what,
                         const std::string& remedy);

}  // namespace telegrad::training
