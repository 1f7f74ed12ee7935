#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace telegrad::training {

/// An IDX file of bytes (LeCun's MNIST format): magic 0 0 8 rank, big-endian sizes, then the data.
struct IdxFile {
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint8_t> data;  // product of sizes
};

/// Reads `path`, gzip-compressed or not. Throws RunError(bad_data) that names the file and what is wrong: not
/// there, another format, a rank other than `rank`, an implausible size, too short, too long. Never allocates
/// more than the file really holds, and at most 4 GiB.
IdxFile read_idx(const std::filesystem::path& path, std::size_t rank);

}  // namespace telegrad::training
