#include "training/initial_weights.h"

#include <ATen/ops/empty.h>

#include <cmath>
#include <fstream>

#include "sim/core/errors.h"
#include "sim/core/npy.h"
#include "sim/core/random.h"

namespace telegrad::training {
namespace {

constexpr std::size_t kNpyPrefix = 10;  // magic, version, length of the header
constexpr std::size_t kLongestHeader = 4096;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  throw RunError(Failure::bad_data, "initial weights '" + path.string() + "' " + reason);
}

/// Where the data of an .npy file begins; 0 for a file that is none.
std::size_t npy_data_offset(const std::filesystem::path& path, std::ifstream& file) {
  std::vector<char> begin(kNpyPrefix + kLongestHeader);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<std::size_t>(file.gcount()));
  const auto header = read_npy_header(begin);
  if (!header || !header->version) return 0;
  if (*header->version != 1 || header->length > kLongestHeader)
    refuse(path, "have an .npy header of another version");
  if (header->type != "<f4") refuse(path, "are not of type float32 ('<f4')");
  if (!header->c_order) refuse(path, "are not in C order");
  return header->data;
}

}  // namespace

at::Tensor draw_weights(const Layout& layout, std::uint64_t seed) {
  at::Tensor weights = at::empty({layout.size()}, at::kFloat);
  float* out = weights.mutable_data_ptr<float>();
  std::uint32_t number = 0;
  for (const TensorPlace& place : layout.tensors()) {
    Stream stream(StreamKey{.seed = seed, .purpose = Purpose::initial_weights, .tensor = number++});
    const Initial& initial = place.initial;
    for (std::int64_t i = 0; i < place.size; ++i) {
      double value = initial.mean;
      if (initial.bound > 0) value += initial.bound * (2 * stream.uniform() - 1);
      if (initial.deviation > 0) value += initial.deviation * stream.normal();
      *out++ = static_cast<float>(value);
    }
  }
  return weights;
}

at::Tensor read_weights(const std::filesystem::path& path, const Layout& layout) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, "cannot be opened");
  std::error_code unknown;
  std::uintmax_t size = std::filesystem::file_size(path, unknown);
  if (unknown) refuse(path, "are no file");
  std::size_t offset = npy_data_offset(path, file);
  std::uintmax_t expected = static_cast<std::uintmax_t>(layout.size()) * sizeof(float);
  if (size != offset + expected) {
    refuse(path, "hold " + std::to_string(size - std::min<std::uintmax_t>(size, offset)) +
                     " bytes of data; the model's " + std::to_string(layout.size()) + " parameters need " +
                     std::to_string(expected));
  }
  at::Tensor weights = at::empty({layout.size()}, at::kFloat);
  float* out = weights.mutable_data_ptr<float>();
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(out), static_cast<std::streamsize>(expected));
  if (static_cast<std::uintmax_t>(file.gcount()) != expected) refuse(path, "cannot be read to their end");
  for (std::int64_t i = 0; i < layout.size(); ++i) {
    if (!std::isfinite(out[i])) refuse(path, "are not finite in tensor " + layout.at(i).name);
  }
  return weights;
}

}  // namespace telegrad::training
