#include "training/datasets/npy_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "sim/core/npy.h"
#include "training/datasets/file_bytes.h"

namespace telegrad::training {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 30;

std::size_t width_of(const std::string& type) { return static_cast<std::size_t>(type.back() - '0'); }

std::string listed(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "'" : ", '") + one + "'";
  return text;
}

/// The bytes of an array of this shape; none where they would be more than `most`.
std::size_t bytes_of_shape(const std::vector<std::int64_t>& shape, std::size_t width, std::size_t most) {
  std::size_t bytes = width;
  for (std::int64_t size : shape) {
    if (size <= 0 || bytes > most / static_cast<std::size_t>(size)) return 0;
    bytes *= static_cast<std::size_t>(size);
  }
  return bytes;
}

template <class T>
void append(const NpyArray& array, std::vector<std::int64_t>& into) {
  for (std::size_t at = 0; at < array.data.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, array.data.data() + at, sizeof(T));
    into.push_back(static_cast<std::int64_t>(value));
  }
}

}  // namespace

std::size_t NpyArray::elements() const { return data.size() / width_of(type); }

NpyArray read_npy(const std::filesystem::path& path, const std::vector<std::string>& types,
                  const std::vector<std::size_t>& ranks) {
  const std::string remedy = "write it with numpy.save, in C order, as one of the types " + listed(types);
  NpyArray array;
  array.data = bytes_of(path, kMostBytes, remedy);
  const auto header = read_npy_header({reinterpret_cast<const char*>(array.data.data()), array.data.size()});
  if (!header) refuse(path, "is no .npy file", remedy);
  if (header->data == 0) refuse(path, "has a header that is cut off or of an unknown version", remedy);
  if (!header->shape || header->type.empty()) refuse(path, "has a header without type or shape", remedy);
  if (std::find(types.begin(), types.end(), header->type) == types.end()) {
    refuse(path, "holds values of type '" + header->type + "'", remedy);
  }
  if (!header->c_order) refuse(path, "is in Fortran order", remedy);
  array.type = header->type;
  array.shape = *header->shape;
  if (std::find(ranks.begin(), ranks.end(), array.shape.size()) == ranks.end()) {
    std::string expected;
    for (std::size_t rank : ranks) expected += (expected.empty() ? "" : " or ") + std::to_string(rank);
    refuse(path, "has " + std::to_string(array.shape.size()) + " dimensions, expected " + expected,
           "reshape the array, then write it with numpy.save");
  }
  if (std::find(array.shape.begin(), array.shape.end(), 0) != array.shape.end()) {
    refuse(path, "holds an array without elements",
           "save at least one sample; where there are no test samples leave out the folder 'test'");
  }
  const std::size_t held = array.data.size() - header->data;
  if (held == 0 || bytes_of_shape(array.shape, width_of(array.type), held) != held) {
    refuse(path, "has " + grouped(held) + " bytes of data, which is not what its shape says",
           "write it again: it may be cut off");
  }
  array.data.erase(array.data.begin(), array.data.begin() + static_cast<std::ptrdiff_t>(header->data));
  return array;
}

const std::vector<std::string>& npy_integers() {
  static const std::vector<std::string> types{"|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8"};
  return types;
}

std::vector<std::int64_t> integers_of(const NpyArray& array) {
  std::vector<std::int64_t> values;
  values.reserve(array.elements());
  if (array.type == "|u1") append<std::uint8_t>(array, values);
  if (array.type == "|i1") append<std::int8_t>(array, values);
  if (array.type == "<u2") append<std::uint16_t>(array, values);
  if (array.type == "<i2") append<std::int16_t>(array, values);
  if (array.type == "<u4") append<std::uint32_t>(array, values);
  if (array.type == "<i4") append<std::int32_t>(array, values);
  if (array.type == "<u8") append<std::uint64_t>(array, values);  // what does not fit turns negative
  if (array.type == "<i8") append<std::int64_t>(array, values);
  return values;
}

std::vector<float> floats_of(const NpyArray& array, const std::filesystem::path& path) {
  std::vector<float> values(array.elements());
  std::memcpy(values.data(), array.data.data(), array.data.size());
  const auto bad =
      std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
  if (bad != values.end()) {
    refuse(path, "holds NaN or an infinite value at position " + std::to_string(bad - values.begin()),
           "replace such values, then write it with numpy.save");
  }
  return values;
}

}  // namespace telegrad::training
