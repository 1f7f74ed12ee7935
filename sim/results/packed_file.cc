#include "sim/results/packed_file.h"

#include <unistd.h>
#include <zstd.h>

#include <fstream>
#include <memory>

#include "sim/core/errors.h"

namespace telegrad::results {
namespace {

constexpr unsigned long long kLargest = 1ull << 30;  // unpacked
constexpr int kLevel = 9;

[[noreturn]] void no_storage(const std::filesystem::path& file, const std::string& what, const char* verb) {
  throw RunError(Failure::storage, file.string() + ": the " + what + " cannot be " + verb +
                                       "; look at the space and the rights of the folder");
}

std::string compressed(std::string_view bytes) {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  std::size_t size = ZSTD_compress2(context.get(), packed.data(), packed.size(), bytes.data(), bytes.size());
  expect(ZSTD_isError(size) == 0, "room for the compressed bytes");
  packed.resize(size);
  return packed;
}

}  // namespace

void write_packed(std::string_view bytes, const std::filesystem::path& file, const std::string& what) {
  std::string packed = compressed(bytes);
  std::filesystem::path partial = file;
  partial += ".part" + std::to_string(::getpid());  // several processes may write the same file
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  out.write(packed.data(), static_cast<std::streamsize>(packed.size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(partial, file, error);
  if (!out || error) {
    std::filesystem::remove(partial, error);
    no_storage(file, what, "written");
  }
}

std::string read_packed(const std::filesystem::path& file, const std::string& what,
                        const std::string& remedy) {
  std::ifstream in(file, std::ios::binary);
  if (!in) no_storage(file, what, "read");
  std::string packed((std::istreambuf_iterator<char>(in)), {});
  if (in.bad()) no_storage(file, what, "read");
  unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargest) {
    throw RunError(Failure::bad_data, file.string() + ": no " + what + "; " + remedy);
  }
  std::string plain(size, '\0');
  std::size_t read = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
  if (ZSTD_isError(read) != 0 || read != size) {
    throw RunError(Failure::bad_data, file.string() + ": the " + what + " is damaged (" +
                                          (ZSTD_isError(read) != 0 ? ZSTD_getErrorName(read) : "too short") +
                                          "); " + remedy);
  }
  return plain;
}

}  // namespace telegrad::results
