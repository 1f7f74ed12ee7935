#include "sim/app/gradient_file.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

#include "sim/core/errors.h"
#include "sim/core/npy.h"

namespace telegrad::app {
namespace {

constexpr std::uintmax_t kLongestFile = std::uintmax_t{1} << 35;  // 32 GiB

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  throw RunError(Failure::bad_data, "gradient '" + path.string() + "' " + reason);
}

/// Of a header that lacks nothing.
NpyHeader checked(const std::filesystem::path& path, NpyHeader header) {
  if (header.version && (*header.version < 1 || *header.version > 3))
    refuse(path, "has an .npy header of version " + std::to_string(*header.version) + ", expected 1 to 3");
  if (header.data == 0) refuse(path, "ends within its .npy header");
  if (header.type.empty()) refuse(path, "has no 'descr' in its .npy header");
  if (header.type != "<f4" && header.type != "<f8")
    refuse(path, "is of type '" + header.type + "', expected float32 ('<f4') or float64 ('<f8')");
  if (!header.c_order) refuse(path, "is not in C order; save numpy.ascontiguousarray of it");
  if (!header.shape) refuse(path, "has no 'shape' in its .npy header");
  return header;
}

template <class T>
std::vector<float> floats_of(std::span<const char> bytes) {
  std::vector<float> values(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value{};
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
  return values;
}

}  // namespace

GivenGradient read_gradient(const std::filesystem::path& path) {
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  std::ifstream file(path, std::ios::binary);
  if (unknown || !file) refuse(path, "cannot be read; expected an .npy file or raw float32");
  if (size > kLongestFile) refuse(path, "is longer than 32 GiB");
  std::vector<char> bytes(static_cast<std::size_t>(size));
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(file.gcount()) != size) refuse(path, "cannot be read to its end");

  GivenGradient gradient;
  if (auto npy = read_npy_header(bytes)) {
    NpyHeader header = checked(path, std::move(*npy));
    const bool doubles = header.type == "<f8";
    std::span<const char> data(bytes.data() + header.data, bytes.size() - header.data);
    gradient.values = doubles ? floats_of<double>(data) : floats_of<float>(data);
    gradient.shape = std::move(*header.shape);
    std::uintmax_t entries = 1;
    for (std::int64_t extent : gradient.shape) {
      if (extent > 0 && entries > kLongestFile / static_cast<std::uintmax_t>(extent))
        refuse(path, "states an impossible shape");
      entries *= static_cast<std::uintmax_t>(extent);
    }
    if (entries * (doubles ? 8 : 4) != data.size()) {
      refuse(path, "holds " + std::to_string(data.size()) + " bytes of data, its shape needs " +
                       std::to_string(entries * (doubles ? 8 : 4)));
    }
  } else {
    if (size % sizeof(float) != 0) {
      refuse(path, "is neither an .npy file nor raw float32: " + std::to_string(size) +
                       " bytes are no multiple of 4");
    }
    gradient.values = floats_of<float>(bytes);
    gradient.shape = {static_cast<std::int64_t>(gradient.values.size())};
  }
  if (gradient.values.empty()) refuse(path, "is empty");
  if (gradient.shape.empty()) gradient.shape = {1};
  for (std::size_t i = 0; i < gradient.values.size(); ++i) {
    if (!std::isfinite(gradient.values[i])) refuse(path, "is not finite at entry " + std::to_string(i));
  }
  return gradient;
}

void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape,
               std::span<const float> values) {
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (std::int64_t extent : shape) text += std::to_string(extent) + ",";
  text += "), }";
  constexpr std::size_t kAligned = 64;
  text.resize((10 + text.size() + 1 + kAligned - 1) / kAligned * kAligned - 10, ' ');
  text.back() = '\n';
  std::string head(kNpyMagic);
  head += '\x01';
  head += '\0';
  head += static_cast<char>(text.size() & 0xff);
  head += static_cast<char>(text.size() >> 8);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << head << text;
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  file.close();
  if (!file) throw RunError(Failure::storage, "cannot write '" + path.string() + "'; is the disk full?");
}

}  // namespace telegrad::app
