#include "sim/results/recording_file.h"

#include <zstd.h>

#include <fstream>

#include "sim/core/errors.h"

namespace telegrad::results {
namespace {

constexpr unsigned long long kLargest = 1ull << 30;  // unpacked

[[noreturn]] void no_storage(const std::filesystem::path& file, const char* what) {
  throw RunError(Failure::storage, file.string() + ": the recording cannot be " + what +
                                       "; look at the space and the rights of the folder");
}

}  // namespace

void write_recording(const Recording& recording, const std::filesystem::path& file) {
  std::string plain = pack(recording);
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  std::size_t size = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 9);
  expect(ZSTD_isError(size) == 0, "room for the compressed recording");
  std::filesystem::path partial = file;
  partial += ".part";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  out.write(packed.data(), static_cast<std::streamsize>(size));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(partial, file, error);
  if (!out || error) {
    std::filesystem::remove(partial, error);
    no_storage(file, "written");
  }
}

Recording read_recording(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) no_storage(file, "read");
  std::string packed((std::istreambuf_iterator<char>(in)), {});
  if (in.bad()) no_storage(file, "read");
  unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargest) {
    throw RunError(Failure::bad_data, file.string() + ": no recording; make one with run --record FILE");
  }
  std::string plain(size, '\0');
  std::size_t read = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
  if (ZSTD_isError(read) != 0 || read != size) {
    throw RunError(Failure::bad_data, file.string() + ": the recording is damaged (" +
                                          (ZSTD_isError(read) != 0 ? ZSTD_getErrorName(read) : "too short") +
                                          "); record it again");
  }
  return unpack_recording(plain, file.string());
}

}  // namespace telegrad::results
