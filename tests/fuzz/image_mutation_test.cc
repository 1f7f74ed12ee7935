// Random damage to sound images, for machines without a fuzzer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "tests/fuzz/image_door.h"

namespace telegrad {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> corpus() {
  std::vector<Bytes> all;
  for (const auto& entry :
       std::filesystem::directory_iterator(TELEGRAD_SOURCE_DIR "/tests/fuzz/corpus/image")) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return all;
}

Bytes mutated(Bytes bytes, std::mt19937& random) {
  auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  const std::size_t rounds = 1 + below(4);
  for (std::size_t i = 0; i < rounds && bytes.size() > 1; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(below(bytes.size()));
    switch (below(4)) {
      case 0: bytes[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(below(256)); break;
      case 1: bytes.erase(bytes.begin() + at); break;
      case 2: bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(below(256))); break;
      case 3: bytes.resize(static_cast<std::size_t>(at)); break;
    }
  }
  return bytes;
}

TEST(ImageDoor, SurvivesRandomDamage) {
  const std::vector<Bytes> sound = corpus();
  ASSERT_GE(sound.size(), 8U);
  for (const Bytes& bytes : sound) check_image_door(bytes.data(), bytes.size());
  std::mt19937 random(1);
  for (std::size_t i = 0; i < 20'000; ++i) {
    const Bytes bytes = mutated(sound[i % sound.size()], random);
    check_image_door(bytes.data(), bytes.size());
  }
}

}  // namespace
}  // namespace telegrad
