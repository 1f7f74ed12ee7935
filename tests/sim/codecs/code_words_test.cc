#include "sim/codecs/code_words.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <random>
#include <vector>

#include "tests/support/bit_text.h"
#include "tests/support/golden.h"

namespace telegrad::codecs {
namespace {

using testing_support::golden;
using testing_support::indices;
using testing_support::written;

constexpr std::array<std::pair<const char*, Elias>, 3> kCodes{
    {{"gamma", Elias::gamma}, {"delta", Elias::delta}, {"omega", Elias::omega}}};

TEST(Elias, LengthsAreThoseOfTheGoldenTable) {
  const auto numbers = indices(golden("elias.lengths")["input"]["N"]);
  for (const auto& [name, code] : kCodes) {
    const auto lengths = indices(golden("elias.lengths")["expected"][name]);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(elias_bits(code, numbers[i]), lengths[i]) << name << " of " << numbers[i];
    }
  }
}

TEST(Elias, CodeWordsAreThoseOfTheGoldenTable) {
  const auto numbers = indices(golden("elias.codewords")["input"]["N"]);
  for (const auto& [name, code] : kCodes) {
    const auto& words = golden("elias.codewords")["expected"][name].items();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      auto text = written([&](BitWriter& writer) {
                    put_elias(writer, code, numbers[i]);
                  }).bits(elias_bits(code, numbers[i]));
      EXPECT_EQ(text, words[i].text()) << name << " of " << numbers[i];
    }
  }
}

TEST(Elias, ReadsWhatItWrote) {
  std::mt19937 random(1);
  for (const auto& [name, code] : kCodes) {
    std::vector<std::uint32_t> numbers{1, 2, 3, 0x7fffffff, 0x80000000, 0xffffffff};
    for (int i = 0; i < 1000; ++i) numbers.push_back(1 + (random() >> random() % 32) % 0xfffffffeU);
    auto out = written([&, which = code](BitWriter& writer) {
      for (std::uint32_t n : numbers) put_elias(writer, which, n);
    });
    BitReader reader(out.bytes);
    for (std::uint32_t n : numbers) ASSERT_EQ(take_elias(reader, code), n) << name;
    EXPECT_FALSE(reader.exhausted());
  }
}

TEST(Elias, BitsThatAreNoCodeWordAreZero) {
  std::vector<std::byte> zeros(8), ones(8, std::byte{0xff});
  for (const auto& bytes : {zeros, ones}) {
    for (const auto& [name, code] : kCodes) {
      BitReader reader(bytes);
      while (!reader.exhausted() && take_elias(reader, code) != 0) {}
      EXPECT_LE(reader.position(), 64U) << name;
    }
  }
  BitReader nothing({});
  EXPECT_EQ(take_elias(nothing, Elias::omega), 0U);
}

TEST(Rice, ReadsWhatItWroteInTheBitsOfTheFormula) {
  for (unsigned parameter : {0U, 1U, 7U, 31U}) {
    for (std::uint32_t n : {0U, 1U, 127U, 128U, 5000U}) {
      auto out = written([&](BitWriter& writer) { put_rice(writer, n, parameter); });
      BitReader reader(out.bytes);
      EXPECT_EQ(take_rice(reader, parameter), n);
      EXPECT_EQ(reader.position(), rice_bits(n, parameter));
    }
  }
}

/// The paper's stream of a sparse vector: for each entry its gap, its sign, its level (Alistarh et al. 2017).
TEST(Elias, TheSparseStreamOfQsgdIsTheGoldenOne) {
  const Value& entry = golden("qsgd.sparse_code");
  auto out = written([&](BitWriter& writer) {
    std::uint32_t gap = 1;
    for (const Value& item : entry["input"]["levels_signed"].items()) {
      std::int64_t level = item.integer();
      if (level != 0) {
        put_elias(writer, Elias::omega, gap);
        writer.put(level < 0 ? 1 : 0, 1);
        put_elias(writer, Elias::omega, static_cast<std::uint32_t>(std::abs(level)));
        gap = 0;
      }
      ++gap;
    }
  });
  EXPECT_EQ(out.bits(15), entry["expected"]["bits_without_norm"].text());
}

}  // namespace
}  // namespace telegrad::codecs
