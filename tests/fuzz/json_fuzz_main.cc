// For libFuzzer, with a clang that compiles Value (16 does not); built without it, runs the files that it is given.
#include "tests/fuzz/given_files.h"
#include "tests/fuzz/json_door.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  telegrad::check_json_door(bytes, size);
  return 0;
}
