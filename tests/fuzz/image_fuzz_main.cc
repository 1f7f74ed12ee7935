// For libFuzzer (tools/fuzz.sh); built without it, runs the files that it is given.
#include "tests/fuzz/given_files.h"
#include "tests/fuzz/image_door.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  telegrad::check_image_door(bytes, size);
  return 0;
}
