#include "sim/codecs/bits.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace telegrad::codecs {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

TEST(IndexBits, AreThoseOfTheGoldenTable) {
  const std::array<std::uint64_t, 12> coordinates{1, 2, 3, 4, 5, 10, 50, 64, 65, 1000000, 11173962, 60965224};
  const std::array<unsigned, 12> golden{1, 1, 2, 2, 3, 4, 6, 6, 7, 20, 24, 26};
  for (std::size_t i = 0; i < golden.size(); ++i) EXPECT_EQ(index_bits(coordinates[i]), golden[i]);
}

TEST(BitWriter, WritesTheGoldenFixedIndices) {
  std::array<std::byte, 4> out{};
  BitWriter writer(out);
  for (unsigned index : {0U, 3U, 9U, 10U, 19U}) writer.put(index, 5);
  ASSERT_EQ(writer.finish(), 4U);
  EXPECT_EQ(std::vector(out.begin(), out.end()), bytes({0x60, 0x24, 0x35, 0x01}));
}

TEST(BitReader, ReadsWhatWasWrittenAtAnyWidthAndOffset) {
  for (unsigned lead = 0; lead < 9; ++lead) {
    for (unsigned width = 1; width <= 32; ++width) {
      std::array<std::byte, 64> out{};
      BitWriter writer(out);
      writer.put(0, lead);
      std::uint32_t mask = width == 32 ? ~0U : (1U << width) - 1;
      for (std::uint32_t i = 0; i < 10; ++i) writer.put((i * 2654435761U) & mask, width);
      std::size_t size = writer.finish();
      BitReader reader(std::span<const std::byte>(out.data(), size));
      reader.seek(lead);
      for (std::uint32_t i = 0; i < 10; ++i) ASSERT_EQ(reader.take(width), (i * 2654435761U) & mask);
      EXPECT_FALSE(reader.exhausted());
    }
  }
}

TEST(BitReader, SaysThatItIsExhaustedInsteadOfReadingOn) {
  auto data = bytes({0xff});
  BitReader reader(data);
  EXPECT_EQ(reader.take(5), 31U);
  EXPECT_EQ(reader.take(5), 0U);
  EXPECT_TRUE(reader.exhausted());
  reader.seek(1'000'000'000'000);
  EXPECT_EQ(reader.take(1), 0U);
}

}  // namespace
}  // namespace telegrad::codecs
