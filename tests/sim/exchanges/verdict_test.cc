#include "sim/exchanges/verdict.h"

#include <gtest/gtest.h>

#include "sim/core/random.h"

namespace telegrad::exchanges {
namespace {

Block bytes_of(const std::vector<std::byte>& bytes) { return Block::of(bytes); }

TEST(Verdict, AnAnswerReadsBackAsWritten) {
  Answer answer{7,
                {{3, Verdict::Kind::applied, {}},
                 {4, Verdict::Kind::some, std::vector<bool>(19, true)},
                 {5, Verdict::Kind::none, {}},
                 {6, Verdict::Kind::deferred, {}}}};
  answer.verdicts[1].applied[8] = false;
  auto read = decode_answer(encode(answer));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->cohort, 7u);
  ASSERT_EQ(read->verdicts.size(), 4u);
  EXPECT_EQ(read->verdicts[1].applied, answer.verdicts[1].applied);
  EXPECT_EQ(read->verdicts[3].kind, Verdict::Kind::deferred);
  EXPECT_EQ(encode(answer).size, 6u + 4 * 5 + 2 + 3);
}

TEST(Verdict, MoreThan65534BlocksTakeFourBytesMore) {
  for (const std::size_t blocks : {65'534u, 65'535u, 65'536u, 395'000u}) {
    Answer answer{2,
                  {{1, Verdict::Kind::some, std::vector<bool>(blocks, true)}, {2, Verdict::Kind::none, {}}}};
    answer.verdicts[0].applied[blocks - 2] = false;
    const Block control = encode(answer);
    EXPECT_EQ(control.size, 6u + 2 * 5 + (blocks < 65'535 ? 2 : 6) + (blocks + 7) / 8);
    const auto read = decode_answer(control);
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->verdicts.size(), 2u);
    EXPECT_EQ(read->verdicts[0].applied, answer.verdicts[0].applied);
    EXPECT_FALSE(decode_answer(Block(control.owner, control.data, control.size - 1)).has_value());
  }
}

TEST(Verdict, ATruncatedOrLongerAnswerIsNone) {
  Block whole = encode(Answer{2, {{1, Verdict::Kind::some, {true, false, true}}}});
  std::vector<std::byte> bytes(whole.bytes().begin(), whole.bytes().end());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_answer(bytes_of({bytes.begin(), bytes.begin() + static_cast<long>(size)}))) << size;
  }
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_answer(bytes_of(bytes)));
}

TEST(Verdict, RandomBytesNeverReadPastTheEnd) {
  Stream stream({.seed = 3, .purpose = Purpose::method});
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::byte> bytes(stream.below(40));
    for (auto& byte : bytes) byte = static_cast<std::byte>(stream.below(4) == 0 ? stream() : stream.below(4));
    auto answer = decode_answer(bytes_of(bytes));
    EXPECT_TRUE(!answer || answer->verdicts.size() <= 40u);
  }
}

}  // namespace
}  // namespace telegrad::exchanges
