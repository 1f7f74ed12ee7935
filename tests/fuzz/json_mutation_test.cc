// Random damage to sound texts, for machines without a fuzzer.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/json_door.h"

namespace telegrad {
namespace {

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts{
      R"({"a": 1, "b": 2.5e-3, "c": "x\u00e9\ud83d\ude00\n", "p": [[1, 2], [3.5, -4]], "o": {"m": {"k/~": true}, "r": [0.5, 1]}})",
      R"([[[[[[[[{"a":[null,true,false,-0.0,1e308,9223372036854775807,-9223372036854775808]}]]]]]]]])",
      "{\n\t\"größe\" : [ ] ,\r\n \"\" : { } }", R"({"a": 3, "b": 7, "c": "", "o": {}})"};
  return texts;
}

const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all{"{",
                                            "}",
                                            "[",
                                            "]",
                                            ",",
                                            ":",
                                            "\"",
                                            "\\",
                                            "\\u",
                                            "\\ud800",
                                            "e",
                                            "E",
                                            "-",
                                            "+",
                                            ".",
                                            "0",
                                            "00",
                                            "1e999",
                                            "18446744073709551616",
                                            "null",
                                            "tru",
                                            "NaN",
                                            std::string(1, '\0'),
                                            "\xff",
                                            "\xc0",
                                            "\xef\xbb\xbf",
                                            "\xe2\x82",
                                            "\n",
                                            "//",
                                            "\"a\":1,\"a\":1",
                                            std::string(70, '['),
                                            std::string(300, '9')};
  return all;
}

std::string mutated(std::string text, std::mt19937& random) {
  auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  std::size_t rounds = 1 + below(6);
  for (std::size_t i = 0; i < rounds && !text.empty(); ++i) {
    std::size_t at = below(text.size());
    switch (below(5)) {
      case 0: text[at] = static_cast<char>(below(256)); break;
      case 1: text.erase(at, 1 + below(8)); break;
      case 2: text.insert(at, pieces()[below(pieces().size())]); break;
      case 3: text.insert(at, text.substr(below(text.size()), below(20))); break;
      case 4: text.resize(at); break;
    }
  }
  return text;
}

TEST(JsonDoor, SurvivesRandomDamage) {
  std::mt19937 random(1);
  for (int i = 0; i < 30'000; ++i) {
    std::string text = mutated(corpus()[static_cast<std::size_t>(i) % corpus().size()], random);
    check_json_door(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
}

TEST(JsonDoor, SurvivesNoise) {
  std::mt19937 random(2);
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text += pieces()[random() % pieces().size()];
    check_json_door(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
}

}  // namespace
}  // namespace telegrad
