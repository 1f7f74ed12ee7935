#include "sim/codecs/index_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "sim/codecs/code_words.h"
#include "tests/support/bit_text.h"
#include "tests/support/golden.h"

namespace telegrad::codecs {
namespace {

using testing_support::BitText;
using testing_support::golden;
using testing_support::indices;
using testing_support::written;

BitText coded(const IndexCoding& coding, const IndexRun& run) {
  return written([&](BitWriter& writer) { write_indices(writer, coding, run); });
}

std::vector<std::uint32_t> decoded(const BitText& text, const IndexCoding& coding, const IndexRun& run) {
  IndexReader reader(text.bytes, 0, coding.codec, coding.parameter, run.span, run.unit_size);
  std::vector<std::uint32_t> result;
  for (std::size_t i = 0; i < run.indices.size(); ++i) {
    result.push_back(run.first + static_cast<std::uint32_t>(reader.next()));
  }
  EXPECT_EQ(reader.position(), coding.bits);
  return result;
}

std::vector<std::uint32_t> all_codecs() { return {1, 2, 3, 4, 5, 6, 7, 8}; }

TEST(IndexCodec, StreamsAreTheGoldenOnes) {
  struct Case {
    const char* name;
    IndexCodec codec;
  };
  for (const Case& c :
       {Case{"elias.gamma.stream", IndexCodec::gamma}, Case{"elias.delta.stream", IndexCodec::delta},
        Case{"elias.omega.stream", IndexCodec::omega}, Case{"rice.five", IndexCodec::rice},
        Case{"rice.dense", IndexCodec::rice}, Case{"rice.single", IndexCodec::rice},
        Case{"rice.regular", IndexCodec::rice}, Case{"bitmap.20", IndexCodec::bitmap},
        Case{"fixed_index.20", IndexCodec::fixed}, Case{"rle16.short", IndexCodec::rle16},
        Case{"rle16.edge_65534", IndexCodec::rle16}, Case{"rle16.edge_65535", IndexCodec::rle16},
        Case{"rle16.edge_131070", IndexCodec::rle16}, Case{"rle16.two_gaps", IndexCodec::rle16},
        Case{"rle16.after_first", IndexCodec::rle16}}) {
    const Value& input = golden(c.name)["input"];
    const Value& expected = golden(c.name)["expected"];
    const auto positions = indices(input["indices"]);
    const std::uint32_t span = c.codec == IndexCodec::bitmap ? 20 : positions.back() + 1;
    const IndexRun run{positions, 0, span, span};
    const IndexCoding coding = index_coding({c.codec, false}, run);
    const BitText text = coded(coding, run);
    EXPECT_EQ(text.hex(), expected["bytes_hex"].text()) << c.name;
    if (const Value* length = expected.find("length")) {
      EXPECT_EQ(coding.bits, length->integer()) << c.name;
    }
    if (const Value* parameter = expected.find("parameter")) {
      EXPECT_EQ(coding.parameter, parameter->integer()) << c.name;
    }
    EXPECT_EQ(decoded(text, coding, run), positions) << c.name;
  }
}

TEST(IndexCodec, CountingBeginsAnewInEveryBlock) {
  const auto positions = indices(golden("rle16.block_restart")["input"]["indices"]);
  const IndexRun run{positions, 70000, 100, 1000000};
  EXPECT_EQ(coded(index_coding({IndexCodec::rle16, false}, run), run).hex(), "03000000");
}

TEST(IndexCodec, RiceLengthsAreTheGoldenOnes) {
  for (const char* name : {"rice.five", "rice.dense", "rice.single", "rice.regular"}) {
    const auto positions = indices(golden(name)["input"]["indices"]);
    const auto lengths = indices(golden(name)["expected"]["length_by_parameter_0_to_12"]);
    for (unsigned q = 0; q < lengths.size(); ++q) {
      std::uint64_t bits = 0;
      std::uint32_t next = 0;
      for (std::uint32_t index : positions) {
        bits += rice_bits(index - next, q);
        next = index + 1;
      }
      EXPECT_EQ(bits, lengths[q]) << name << " at " << q;
    }
  }
}

/// With geometric gaps of mean d/k: the expectation, summed up, and the parameter that is chosen for a sample.
TEST(IndexCodec, RiceTakesTheExpectedBitsOnGeometricGaps) {
  for (unsigned ratio : {10U, 100U, 1000U}) {
    const Value& expected = golden("rice.expected_bits.ratio" + std::to_string(ratio))["expected"];
    std::mt19937 random(ratio);
    std::geometric_distribution<std::uint32_t> zeros(1.0 / ratio);
    std::vector<std::uint32_t> positions;
    std::uint32_t at = 0;
    for (int i = 0; i < 200000; ++i) positions.push_back(std::exchange(at, at + 1 + zeros(random)));
    const IndexRun run{positions, 0, at, at};
    const IndexCoding coding = index_coding({IndexCodec::rice, false}, run);
    EXPECT_EQ(coding.parameter, expected["parameter"].integer());
    EXPECT_NEAR(static_cast<double>(coding.bits) / 200000, expected["bits_per_entry"].number(), 0.02);
  }
}

TEST(IndexCodec, AllRoundTripOnRandomSetsAndTheSmallestIsChosen) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t span = 1 + random() % 300000;
    const std::uint32_t first = random() % 1000;
    std::vector<std::uint32_t> positions;
    const double share = std::pow(10.0, -static_cast<double>(random() % 5));
    for (std::uint32_t i = 0; i < span; ++i) {
      if (std::generate_canonical<double, 24>(random) < share) positions.push_back(first + i);
    }
    if (positions.size() > 65535) continue;
    const IndexRun run{positions, first, span, first + span + 7};
    std::uint64_t least = ~std::uint64_t{0};
    for (std::uint32_t number : all_codecs()) {
      const IndexCoding coding = index_coding({static_cast<IndexCodec>(number), false}, run);
      ASSERT_EQ(decoded(coded(coding, run), coding, run), positions) << number;
      least = std::min(least, coding.bits + (coding.codec == IndexCodec::rice ? 8 : 0));
    }
    const IndexCoding best = index_coding({IndexCodec::fixed, true}, run);
    EXPECT_EQ(best.bits + (best.codec == IndexCodec::rice ? 8 : 0), least);
  }
}

TEST(IndexCodec, NoneOfThemBeatsTheBoundOfAllSets) {
  const Value& entry = golden("index_bound.log2_binomial");
  auto log2_choose = [](double d, double k) {
    return (std::lgamma(d + 1) - std::lgamma(k + 1) - std::lgamma(d - k + 1)) / std::log(2.0);
  };
  EXPECT_NEAR(log2_choose(1e6, 1e3), entry["expected"]["bits"].number(), 1e-4);
  std::mt19937 random(4);
  std::vector<std::uint32_t> all(1000000), positions(1000);
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  std::sample(all.begin(), all.end(), positions.begin(), 1000, random);
  const IndexRun run{positions, 0, 1000000, 1000000};
  const IndexCoding best = index_coding({IndexCodec::fixed, true}, run);
  EXPECT_EQ(best.codec, IndexCodec::rice);
  EXPECT_GT(static_cast<double>(best.bits), 0.98 * entry["expected"]["bits"].number());
  EXPECT_LT(static_cast<double>(best.bits), 1.02 * entry["expected"]["bits"].number());
}

TEST(IndexCodec, NamesAreThoseOfTheNumbers) {
  EXPECT_EQ(index_choice("rice").codec, IndexCodec::rice);
  EXPECT_EQ(index_choice("fixed").codec, IndexCodec::fixed);
  EXPECT_TRUE(index_choice("auto").smallest);
}

}  // namespace
}  // namespace telegrad::codecs
