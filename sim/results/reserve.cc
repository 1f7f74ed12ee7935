#include "sim/results/reserve.h"

#include <fstream>
#include <string>

namespace telegrad::results {
namespace {

constexpr std::size_t kBytes = 256 * 1024;

}  // namespace

Reserve::Reserve(const std::filesystem::path& folder) : file_(folder / "reserve.tmp") {
  std::ofstream(file_, std::ios::binary) << std::string(kBytes, '\0');
}

void Reserve::release() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

}  // namespace telegrad::results
