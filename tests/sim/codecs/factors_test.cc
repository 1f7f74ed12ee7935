#include "sim/codecs/factors.h"

#include <gtest/gtest.h>

#include <random>

#include "sim/core/errors.h"

namespace telegrad::codecs {
namespace {

/// 4 x 5; 2 x 3 whose last coordinate is nobody's; 3 x 2 without terms.
const std::vector<Matrix> kMatrices{{0, 20, 4, 5}, {20, 5, 2, 3}, {25, 6, 3, 2}};
constexpr Stamp kStamp{.method = 2, .worker = 3};

std::vector<Terms> terms() {
  std::vector<Terms> all(3);
  all[0] = {.sigma = {2, 0.5F}, .left = {1, 2, 3, 4, -1, 0, 1, 0}, .right = {1, -1, 2, -2, 3, 4, 5, 6, 7, 8}};
  all[1] = {.sigma = {4}, .left = {1, 0.25F}, .right = {1, 2, 3}};
  return all;
}

/// The sum of products, entry by entry.
std::vector<float> products() {
  std::vector<float> sum(31, 0.0F);
  const auto all = terms();
  for (std::size_t m = 0; m < kMatrices.size(); ++m) {
    const Matrix& matrix = kMatrices[m];
    for (std::size_t i = 0; i < all[m].sigma.size(); ++i) {
      for (std::uint32_t at = 0; at < matrix.size; ++at) {
        sum[matrix.first + at] += all[m].sigma[i] * all[m].left[i * matrix.rows + at / matrix.columns] *
                                  all[m].right[i * matrix.columns + at % matrix.columns];
      }
    }
  }
  return sum;
}

std::vector<float> decoded(const Payload& payload) {
  std::vector<float> sum(31, 0.0F);
  for (const Block& block : payload.blocks()) {
    FactorView view;
    EXPECT_EQ(open_factors(block.bytes(), kMatrices, view), DecodeError::none);
    add_factors(view, sum, 1.0F);
  }
  return sum;
}

TEST(Factors, DecodeToTheSumOfTheirProductsHoweverTheyAreCut) {
  for (std::uint32_t limit : {30U, 34U, 50U, 70U, 100U, 1000U}) {
    Payload payload = pack_factors(kStamp, kMatrices, terms(), ValueCodec::fp32, Cut{limit, 1});
    for (const Block& block : payload.blocks()) EXPECT_LE(block.size, limit);
    EXPECT_EQ(decoded(payload), products()) << limit;
  }
}

TEST(Factors, AreOneBlockForEachMatrixWhereThatFits) {
  Payload payload = pack_factors(kStamp, kMatrices, terms(), ValueCodec::fp32, Cut{1000, 1});
  EXPECT_EQ(payload.blocks().size(), 3U);
  EXPECT_EQ(payload.information_bits(), 32U * (2 * (4 + 5 + 1) + (2 + 3 + 1)));
  EXPECT_EQ(payload.bytes(), 3 * kHeaderBytes + 2 * 6 + payload.information_bits() / 8);
  Payload halves = pack_factors(kStamp, kMatrices, terms(), ValueCodec::bf16, Cut{1000, 1});
  EXPECT_EQ(halves.information_bits(), payload.information_bits() / 2);
  EXPECT_EQ(decoded(halves), products()) << "small integers and halves are bf16 numbers";
}

TEST(Factors, ATermThatIsCutCoversItsMatrixOnce) {
  Payload payload = pack_factors(kStamp, kMatrices, terms(), ValueCodec::fp32, Cut{34, 1});
  std::vector<int> covered(20, 0);
  for (const Block& block : payload.blocks()) {
    FactorView view;
    ASSERT_EQ(open_factors(block.bytes(), kMatrices, view), DecodeError::none);
    if (view.header.unit != 0) continue;
    EXPECT_EQ(view.terms, 1U);
    EXPECT_EQ(view.of, 2U);
    for (std::uint32_t r = 0; r < view.rows; ++r) {
      for (std::uint32_t c = 0; c < view.columns; ++c) ++covered[(view.row + r) * 5 + view.column + c];
    }
  }
  EXPECT_EQ(covered, std::vector<int>(20, 2)) << "twice, by two terms";
}

TEST(Factors, ABlockThatHoldsNoRowAndColumnIsRefused) {
  EXPECT_THROW(pack_factors(kStamp, kMatrices, terms(), ValueCodec::fp32, Cut{24, 1}), RunError);
}

std::vector<std::byte> one_block() {
  Payload payload = pack_factors(kStamp, kMatrices, terms(), ValueCodec::fp32, Cut{1000, 1});
  auto bytes = payload.blocks()[1].bytes();
  return {bytes.begin(), bytes.end()};
}

DecodeError open(const std::vector<std::byte>& bytes) {
  FactorView view;
  return open_factors(bytes, kMatrices, view);
}

TEST(Factors, WrongFieldsAreRefusedByName) {
  auto with = [](std::size_t at, int value) {
    auto bytes = one_block();
    bytes[at] = static_cast<std::byte>(value);
    return open(bytes);
  };
  EXPECT_EQ(with(2, 1), DecodeError::unknown_codec);
  EXPECT_EQ(with(3, 5), DecodeError::unknown_codec);
  EXPECT_EQ(with(8, 3), DecodeError::out_of_range);  // no such matrix
  EXPECT_EQ(with(10, 5), DecodeError::trailing_bytes);
  EXPECT_EQ(with(12, 19), DecodeError::out_of_range);  // begins before its matrix
  EXPECT_EQ(with(12, 23), DecodeError::out_of_range);  // ends behind it
  EXPECT_EQ(with(20, 4), DecodeError::out_of_range);   // more columns than the matrix
  EXPECT_EQ(with(24, 0), DecodeError::out_of_range);   // more terms than there are
  auto bytes = one_block();
  bytes.pop_back();
  EXPECT_EQ(open(bytes), DecodeError::truncated);
  BlockView view;
  EXPECT_EQ(open_block(one_block(), whole(31), view), DecodeError::unknown_codec) << "no entries to read";
}

TEST(Factors, HostileBytesNeverReadPastTheEnd) {
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (std::uint32_t limit : {34U, 100U, 1000U}) {
    Payload payload = pack_factors(kStamp, kMatrices, terms(), ValueCodec::fp32, Cut{limit, 1});
    for (const Block& block : payload.blocks()) {
      for (int round = 0; round < 3000; ++round) {
        std::vector<std::byte> bytes(block.bytes().begin(), block.bytes().end());
        for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
          bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        if (random() % 2 == 0) bytes.resize(random() % (bytes.size() + 8));
        bytes.shrink_to_fit();
        FactorView view;
        if (open_factors(bytes, kMatrices, view) != DecodeError::none) continue;
        std::vector<float> into(31, 0.0F);
        add_factors(view, into, 1.0F);
        ++accepted;
      }
    }
  }
  EXPECT_GT(accepted, 100U);
}

}  // namespace
}  // namespace telegrad::codecs
