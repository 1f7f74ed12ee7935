#include "sim/core/exchange.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

Payload three() {
  return Payload({Block::of(std::vector<std::byte>(10)), Block::sized(20), Block::sized(0)}, 77);
}

TEST(Payload, CountsItsBytesAndHoles) {
  Payload payload = three();
  EXPECT_EQ(payload.bytes(), 30u);
  EXPECT_EQ(payload.information_bits(), 77u);
  EXPECT_TRUE(payload.whole());
  Payload holed = payload.without({false, true, false});
  EXPECT_EQ(holed.holes(), 1u);
  EXPECT_TRUE(holed.blocks()[1].lost);
  EXPECT_EQ(holed.bytes(), 30u);
}

TEST(Payload, ALostBlockHasNoBytesToRead) {
  Payload holed = three().without({true, false, false});
  EXPECT_TRUE(holed.blocks()[0].bytes().empty());
  EXPECT_EQ(holed.blocks()[0].size, 10u);
}

TEST(Payload, IdentityTellsContentsApartAndKnowsCopies) {
  Payload payload = three();
  Payload copy = payload;
  EXPECT_EQ(payload.identity(), copy.identity());
  EXPECT_NE(payload.identity(), three().identity());
  EXPECT_EQ(payload.without({}).identity(), payload.identity());
  EXPECT_EQ(payload.without({true, false, false}).identity(), copy.without({true, false, false}).identity());
  EXPECT_NE(payload.without({true, false, false}).identity(),
            payload.without({false, true, false}).identity());
  EXPECT_NE(payload.without({true, true, false}).identity(),
            payload.without({true, false, false}).without({false, true, true}).identity());
}

TEST(Payload, FilledHolesMakeTheSamePayloadAgain) {
  Payload payload = three();
  Payload holed = payload.without({true, false, false}).without({true, false, true});
  Payload filled = holed.filled(payload.only({true, false, true}));
  EXPECT_TRUE(filled.whole());
  EXPECT_EQ(filled.identity(), payload.identity());
  EXPECT_EQ(filled.information_bits(), 77u);
  EXPECT_EQ(filled.blocks()[0].data, payload.blocks()[0].data);
  EXPECT_EQ(payload.filled({}).identity(), payload.identity());
  Payload none = payload.without({true, true, true});
  EXPECT_EQ(none.filled(payload).identity(), payload.identity());
}

TEST(Payload, SlicesShareTheirBytes) {
  Payload payload = three();
  Payload slice = payload.slice(0, 2);
  EXPECT_EQ(slice.bytes(), 30u);
  EXPECT_EQ(slice.blocks()[0].data, payload.blocks()[0].data);
  EXPECT_EQ(payload.only({false, true, true}).bytes(), 20u);
  EXPECT_EQ(Payload().bytes(), 0u);
}

TEST(Payload, SlicesJoinedAreTheWholeAgain) {
  Payload whole = Payload::sized({100, 50, 70, 30, 10, 40}, 777);
  std::vector<Payload> pieces;
  std::uint64_t bits = 0;
  for (std::uint32_t s = 0; s < 3; ++s) {
    pieces.push_back(piece(whole, s, 3));
    bits += pieces.back().information_bits();
  }
  EXPECT_EQ(bits, 777u) << "shared out by bytes";
  EXPECT_EQ(pieces[1].bytes(), 100u);
  Payload joined = Payload::joined(pieces);
  EXPECT_EQ(joined.bytes(), whole.bytes());
  EXPECT_EQ(joined.information_bits(), 777u);
  ASSERT_EQ(joined.blocks().size(), 6u);
  EXPECT_EQ(joined.blocks()[4].size, 10u);
  EXPECT_EQ(joined.identity(), Payload::joined(pieces).identity()) << "equal parts are an equal whole";
  std::swap(pieces[0], pieces[1]);
  EXPECT_NE(joined.identity(), Payload::joined(pieces).identity());
}

}  // namespace
}  // namespace telegrad
