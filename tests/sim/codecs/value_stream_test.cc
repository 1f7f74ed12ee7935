#include "sim/codecs/value_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/support/bit_text.h"
#include "tests/support/golden.h"

namespace telegrad::codecs {
namespace {

using testing_support::BitText;
using testing_support::golden;
using testing_support::written;

BitText coded(const ValueSource& source, std::size_t count) {
  return written([&](BitWriter& writer) { source.write(writer, 0, count); });
}

std::vector<std::int32_t> decoded(const BitText& text, const ValueCoding& coding, std::size_t count) {
  SymbolReader reader(text.bytes, 0, coding);
  std::vector<std::int32_t> symbols;
  for (std::size_t i = 0; i < count; ++i) symbols.push_back(reader.next());
  EXPECT_FALSE(reader.broken());
  return symbols;
}

TEST(Values, SignsAreTheGoldenBytes) {
  std::vector<std::int32_t> symbols;
  for (double x : testing_support::doubles(golden("sign.pack")["input"]["x"]))
    symbols.push_back(x < 0 ? 1 : 0);
  SymbolSource source(ValueCodec::sign, symbols);
  EXPECT_EQ(coded(source, symbols.size()).hex(), golden("sign.pack")["expected"]["bytes_hex"].text());
}

TEST(Values, TernaryCodesAreTheGoldenBytes) {
  const Value& expected = golden("terngrad.given_uniforms")["expected"];
  std::vector<std::int32_t> symbols;
  for (const Value& code : expected["codes"].items())
    symbols.push_back(static_cast<std::int32_t>(code.integer()));
  SymbolSource source(ValueCodec::ternary, symbols);
  EXPECT_EQ(coded(source, symbols.size()).hex(), expected["bytes_hex"].text());
}

TEST(Values, SymbolsOfEveryCodecSurvive) {
  std::mt19937 random(5);
  struct Case {
    ValueCoding coding;
    std::int32_t low, high;
  };
  for (const Case& c :
       {Case{ValueCodec::sign, 0, 1}, Case{ValueCodec::two_means, 0, 1}, Case{ValueCodec::ternary, 0, 2},
        Case{ValueCodec::ternary_base3, 0, 2}, Case{{ValueCodec::levels, 7, level_width(7)}, -7, 7},
        Case{{ValueCodec::levels, 7, level_width(56)}, -56, 56},
        Case{{ValueCodec::integers, 0, level_width(3000)}, -3000, 3000},
        Case{{ValueCodec::levels_elias, 1000, 0}, -1000, 1000},
        Case{{ValueCodec::dithered, 8, level_width(8)}, -8, 8}}) {
    for (std::size_t count : {0U, 1U, 4U, 5U, 6U, 1000U}) {
      std::vector<std::int32_t> symbols(count);
      for (auto& symbol : symbols) {
        symbol = c.low + static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(c.high - c.low + 1));
      }
      SymbolSource source(c.coding, symbols);
      BitText text = coded(source, count);
      EXPECT_EQ(text.bytes.size(), (source.bits(0, count) + 7) / 8);
      EXPECT_EQ(decoded(text, c.coding, count), symbols);
    }
  }
}

TEST(Values, FloatsSurviveAsFarAsTheirCodecGoes) {
  std::vector<float> values{0.0F, -0.0F, 1.0F, -2.0F, 0.5F, 0x1p-126F, 0x1p127F, -0x1p100F};
  for (ValueCodec codec : {ValueCodec::fp32, ValueCodec::bf16, ValueCodec::natural}) {
    FloatSource source(codec, values);
    auto bits = decoded(coded(source, values.size()), codec, values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(from_bits(static_cast<std::uint32_t>(bits[i]), codec), values[i]) << i;
    }
  }
}

TEST(Values, BfloatRoundsToNearestAndSaturates) {
  EXPECT_EQ(from_bfloat(to_bfloat(1.0F + 0x1p-8F)), 1.0F);  // half way, the lower is even
  EXPECT_EQ(from_bfloat(to_bfloat(1.0F + 0x1.8p-7F)), 1.0F + 0x1p-6F);
  EXPECT_EQ(from_bfloat(to_bfloat(3.4e38F)), 0x1.fep127F);
  EXPECT_TRUE(std::isnan(from_bfloat(to_bfloat(std::nanf("")))));
}

TEST(Values, MeanWhatTheirPapersSay) {
  const float scales[] = {13.0F, -3.0F};
  EXPECT_EQ(value_of(0, ValueCodec::sign, nullptr), 1.0F);
  EXPECT_EQ(value_of(1, ValueCodec::scaled_sign, scales), -13.0F);
  EXPECT_EQ(value_of(1, ValueCodec::two_means, scales), -3.0F);
  EXPECT_EQ(value_of(0, ValueCodec::ternary, scales), -13.0F);
  EXPECT_EQ(value_of(1, ValueCodec::ternary, scales), 0.0F);
  EXPECT_EQ(value_of(-2, {ValueCodec::levels, 4, 4}, scales), -6.5F);
  EXPECT_EQ(value_of(3, {ValueCodec::dithered, 4, 4}, scales), 6.5F);
  EXPECT_EQ(value_of(-4, {ValueCodec::dithered, 4, 4}, scales), -13.0F);
}

TEST(Values, SymbolsThatTheCodecDoesNotHaveAreBroken) {
  std::vector<std::byte> ones(16, std::byte{0xff});
  for (const ValueCoding& coding :
       {ValueCoding(ValueCodec::ternary), ValueCoding(ValueCodec::ternary_base3),
        ValueCoding(ValueCodec::dithered, 4, 5), ValueCoding(ValueCodec::levels_elias, 4, 0)}) {
    SymbolReader reader(ones, 0, coding);
    reader.next();
    EXPECT_TRUE(reader.broken()) << static_cast<int>(coding.codec);
  }
}

TEST(Values, WidthsAreThoseOfTheLiterature) {
  EXPECT_EQ(level_width(1), 2U);
  EXPECT_EQ(level_width(7), 4U);
  EXPECT_EQ(level_width(127), 8U);
  for (std::size_t i = 0; i < 3; ++i) {
    const Value& entry = golden("qsgd.ring_sum_bits");
    const auto pair = testing_support::indices(entry["input"]["N_s"].items()[i]);
    EXPECT_EQ(level_width(pair[0] * pair[1]), entry["expected"].items()[i].integer());
  }
}

}  // namespace
}  // namespace telegrad::codecs
