#include "sim/sweep/key.h"

#include <xxhash.h>

#include <array>
#include <fstream>

#include "sim/core/json.h"

namespace telegrad::sweep {
namespace {

std::string hexadecimal(XXH128_hash_t hash) {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  std::string text;
  for (unsigned char byte : bytes.digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

std::string key_of(const Value& what) {
  std::string text = dump_json(what);
  return hexadecimal(XXH3_128bits(text.data(), text.size()));
}

std::string key_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return "";
  XXH3_state_t* state = XXH3_createState();
  XXH3_128bits_reset(state);
  std::array<char, 1 << 16> buffer;
  do {
    in.read(buffer.data(), buffer.size());
    XXH3_128bits_update(state, buffer.data(), static_cast<std::size_t>(in.gcount()));
  } while (in);
  std::string key = in.bad() ? "" : hexadecimal(XXH3_128bits_digest(state));
  XXH3_freeState(state);
  return key;
}

}  // namespace telegrad::sweep
