#include "training/datasets/idx_file.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>

#include "sim/core/errors.h"

namespace telegrad::training {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;
constexpr std::size_t kChunk = 1 << 20;

class GzipReader final {
 public:
  explicit GzipReader(const std::filesystem::path& path) : path_(path), file_(gzopen(path.c_str(), "rb")) {
    if (!file_) fail("cannot be opened");
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw RunError(Failure::bad_data, "'" + path_.string() + "' " + reason);
  }

  /// Fewer than `most` bytes only at the end.
  std::size_t read(std::uint8_t* into, std::size_t most) {
    std::size_t total = 0;
    while (total < most) {
      int got = gzread(file_.get(), into + total, static_cast<unsigned>(std::min(most - total, kChunk)));
      if (got < 0) fail("is damaged (its compressed data cannot be read)");
      if (got == 0) break;
      total += static_cast<std::size_t>(got);
    }
    int code = Z_OK;
    gzerror(file_.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END) fail("is damaged or cut off (gzip)");
    return total;
  }

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
};

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) | (std::uint32_t{bytes[2]} << 8) |
         bytes[3];
}

std::uint64_t product_of(const std::vector<std::uint32_t>& sizes, const GzipReader& reader) {
  std::uint64_t product = 1;
  for (std::uint32_t size : sizes) {
    if (size == 0 || product > kMostBytes / size) reader.fail("states an implausible size");
    product *= size;
  }
  return product;
}

}  // namespace

IdxFile read_idx(const std::filesystem::path& path, std::size_t rank) {
  GzipReader reader(path);
  std::uint8_t magic[4] = {};
  bool complete = reader.read(magic, 4) == 4;
  if (!complete || magic[0] != 0 || magic[1] != 0) reader.fail("is no IDX file");
  if (magic[2] != 8) reader.fail("holds no unsigned bytes (IDX type " + std::to_string(magic[2]) + ")");
  if (magic[3] != rank) {
    reader.fail("has " + std::to_string(magic[3]) + " dimensions, expected " + std::to_string(rank));
  }
  IdxFile file;
  for (std::size_t i = 0; i < rank; ++i) {
    std::uint8_t size[4] = {};
    if (reader.read(size, 4) != 4) reader.fail("ends within its header");
    file.sizes.push_back(big_endian(size));
  }
  std::uint64_t expected = product_of(file.sizes, reader);
  while (file.data.size() < expected) {
    std::size_t at = file.data.size();
    std::size_t want = std::min<std::uint64_t>(kChunk, expected - at);
    file.data.resize(at + want);
    std::size_t got = reader.read(file.data.data() + at, want);
    if (got < want) {
      reader.fail("ends after " + std::to_string(at + got) + " of the " + std::to_string(expected) +
                  " bytes that its header states");
    }
  }
  std::uint8_t extra = 0;
  if (reader.read(&extra, 1) != 0) reader.fail("goes on after the data that its header states");
  return file;
}

}  // namespace telegrad::training
