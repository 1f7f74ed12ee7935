// What every method promises of its blocks, whatever becomes of them on their way.

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/core/errors.h"
#include "tests/support/payloads.h"
#include "tests/training/methods/variants.h"

namespace telegrad::training {
namespace {

using testing_support::compressor;
using testing_support::decoded;
using testing_support::kSize;
using testing_support::normal_gradient;
using testing_support::three_tensors;

class EveryWire : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Compressor> method() const { return compressor(GetParam(), tensors_); }
  Layout tensors_ = three_tensors();
};

TEST_P(EveryWire, AnySubsetOfBlocksDecodesToThatPartOfTheVector) {
  for (std::uint32_t limit : {40U, 100U, 65536U}) {
    auto encoder = method();
    Payload payload = encoder->encode(normal_gradient(1), Step{.round = 1}, Cut{limit, 1});
    std::vector<float> all = decoded(payload, *encoder);
    std::vector<float> sum(kSize, 0.0F);
    for (std::size_t i = 0; i < payload.blocks().size(); ++i) {
      EXPECT_LE(payload.blocks()[i].size, limit);
      std::vector<float> alone = decoded(payload.slice(i, i + 1), *encoder);
      for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += alone[c];
    }
    EXPECT_EQ(sum, all) << limit;
  }
}

TEST_P(EveryWire, CutIntoPiecesOrNotItStandsForTheSame) {
  auto whole = method();
  auto pieces = method();
  Payload one = whole->encode(normal_gradient(1), Step{.round = 1}, Cut{200, 1});
  Payload many = pieces->encode(normal_gradient(1), Step{.round = 1}, Cut{65536, 7});
  EXPECT_EQ(many.blocks().size() % 7, 0U);
  EXPECT_EQ(decoded(one, *whole), decoded(many, *pieces));
  EXPECT_EQ(one.information_bits() > 0, true);
}

/// A17: the coordinates that the headers of some blocks name are those that they decode to, and side by side they cover
/// the vector.
TEST_P(EveryWire, ASliceOfBlocksDecodesToItsPartOfTheVector) {
  auto encoder = method();
  const Payload payload = encoder->encode(normal_gradient(1), Step{.round = 1}, Cut{70, 1});
  const std::size_t size = codecs::size_of(encoder->units());
  std::vector<float> all(size);
  add_blocks(payload, encoder->units(), 1, all);
  std::uint32_t covered = 0;
  for (std::size_t from = 0; from < payload.blocks().size(); ++from) {
    const Payload slice = payload.slice(from, std::min(from + 2, payload.blocks().size()));
    std::uint32_t first = covered, end = covered;
    for (const Block& block : slice.blocks()) {
      const auto header = open(block, encoder->units()).header;
      EXPECT_EQ(header.first, end);
      end = header.first + header.span;
    }
    std::vector<float> expected(size), got(size);
    std::copy(all.begin() + first, all.begin() + end, expected.begin() + first);
    add_blocks(slice, encoder->units(), 1, got);
    EXPECT_EQ(got, expected);
    const auto header = open(slice.blocks()[0], encoder->units()).header;
    covered = header.first + header.span;
  }
  EXPECT_EQ(covered, size);
}

/// A17: bytes that are missing, or too many, are noticed.
TEST_P(EveryWire, ATruncatedOrLengthenedBlockIsRefused) {
  auto encoder = method();
  const Payload payload = encoder->encode(normal_gradient(1), Step{.round = 1}, Cut{100, 1});
  for (const Block& block : payload.blocks()) {
    std::vector<std::byte> bytes(block.bytes().begin(), block.bytes().end());
    bytes.push_back(std::byte{0});
    for (std::size_t length = 1; length <= bytes.size(); ++length) {
      if (length == block.size) continue;
      std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
      const std::vector<Block> one(1, Block::of(std::move(cut)));
      try {
        (void)decoded(Payload(one), *encoder);
        ADD_FAILURE() << length << " bytes of " << block.size;
      } catch (const RunError& error) {
        EXPECT_EQ(error.failure(), Failure::bad_data);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryWire, testing::ValuesIn(testing_support::variants()),
                         testing_support::variant_name);

}  // namespace
}  // namespace telegrad::training
