// For libFuzzer: clang++ (16 or newer) -std=c++20 -g -fsanitize=fuzzer,address,undefined -DTELEGRAD_LIBFUZZER -I.
// with this file, json_door.cc and the door's sources of sim/core. Built without it, runs the files that it is
// given: crashes found before, a corpus.
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/json_door.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  telegrad::check_json_door(bytes, size);
  return 0;
}

#ifndef TELEGRAD_LIBFUZZER
int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    telegrad::check_json_door(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
}
#endif
