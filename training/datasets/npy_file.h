#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace telegrad::training {

/// An array of an .npy file (NumPy's format.py), C order, little-endian.
struct NpyArray {
  std::string type;  // "<f4"
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> data;

  std::size_t elements() const;
};

/// Throws RunError(bad_data) that names the file and what is wrong: not there, another format or type, Fortran order, a
/// shape that the file's length contradicts, of the wrong rank. At most 64 GiB.
NpyArray read_npy(const std::filesystem::path& path, const std::vector<std::string>& types,
                  const std::vector<std::size_t>& ranks);

/// Whole numbers of any width and sign that NumPy knows, up to 64 bits.
const std::vector<std::string>& npy_integers();
std::vector<std::int64_t> integers_of(const NpyArray& array);

/// "<f4" values. Throws RunError(bad_data) that names the first that is NaN or infinite.
std::vector<float> floats_of(const NpyArray& array, const std::filesystem::path& path);

}  // namespace telegrad::training
