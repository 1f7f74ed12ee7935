#include "sim/results/recording_file.h"

#include "sim/results/packed_file.h"

namespace telegrad::results {

void write_recording(const Recording& recording, const std::filesystem::path& file) {
  write_packed(pack(recording), file, "recording");
}

Recording read_recording(const std::filesystem::path& file) {
  return unpack_recording(read_packed(file, "recording", "make one with run --record FILE"), file.string());
}

}  // namespace telegrad::results
