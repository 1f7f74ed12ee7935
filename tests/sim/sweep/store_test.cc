#include "sim/sweep/store.h"

#include <gmock/gmock.h>

#include "sim/core/json.h"
#include "sim/sweep/key.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::sweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StoreTest : public results::Scratch {
 protected:
  Store store() {
    return Store(folder_ / "store", [this](const std::string& notice) { notices_.push_back(notice); });
  }
  static results::Digest digest() {
    results::Digest made;
    made.ended = "max_rounds";
    made.fingerprint = "0123456789abcdef";
    made.goodput_mbps = 0.1 + 0.2;
    made.assumptions = {"a", "b"};
    results::RoundDigest round;
    round.record.round = 1;
    round.record.end = SimTime{123'456'789};
    round.record.train_loss = 1.0 / 3;
    round.evaluation.validation_accuracy = 0.7;
    round.anatomy = results::Anatomy{};
    round.anatomy->air = SimTime{5};
    made.rounds = {round, {}};
    return made;
  }
  std::vector<std::string> notices_;
};

TEST_F(StoreTest, WhatWasPutThereIsFoundBitForBit) {
  Store places = store();
  EXPECT_FALSE(places.find("ab12").has_value());
  write_digest(digest(), places.cell("ab12"));
  auto found = places.find("ab12");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(results::to_value(*found), results::to_value(digest()));
  EXPECT_EQ(found->rounds[0].record.end, SimTime{123'456'789});
  EXPECT_FALSE(found->rounds[1].anatomy.has_value());
  EXPECT_FALSE(found->rounds[1].record.on_air.has_value());
}

TEST_F(StoreTest, ADamagedEntryIsNamedSetAsideAndNotFound) {
  Store places = store();
  for (std::size_t at : {std::size_t{0}, std::size_t{5}, std::size_t{40}}) {
    write_digest(digest(), places.cell("ab12"));
    std::string bytes = results::read_file(places.cell("ab12"));
    bytes[std::min(at, bytes.size() - 1)] ^= 0x20;
    std::ofstream(places.cell("ab12"), std::ios::binary) << bytes;
    notices_.clear();
    EXPECT_FALSE(places.find("ab12").has_value()) << at;
    EXPECT_THAT(notices_, ElementsAre(HasSubstr(places.cell("ab12").string())));
    EXPECT_FALSE(std::filesystem::exists(places.cell("ab12")));
    EXPECT_TRUE(std::filesystem::exists(places.cell("ab12").string() + ".damaged"));
  }
}

TEST_F(StoreTest, EveryTruncationIsDamage) {
  Store places = store();
  write_digest(digest(), places.cell("k1"));
  std::string whole = results::read_file(places.cell("k1"));
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    std::ofstream(places.cell("k1"), std::ios::binary) << whole.substr(0, size);
    EXPECT_FALSE(places.find("k1").has_value()) << size;
  }
}

TEST(Digest, WhateverIsMissingOrOfAnotherKindIsDamage) {
  results::Digest made;
  made.rounds.resize(2);
  Value sound = results::to_value(made);
  for (std::size_t i = 0; i < sound.members().size(); ++i) {
    Value broken = sound;
    Value& member = broken.members()[i].value;
    member = member.is_array() ? Value(Value::Array{true, true}) : Value(true);
    EXPECT_THROW(results::digest_of(broken, "file"), RunError) << broken.members()[i].key;
    member = Value(Value::Array{1, 2, 3});
    EXPECT_THROW(results::digest_of(broken, "file"), RunError) << broken.members()[i].key;
    Value lacking = sound;
    lacking.members().erase(lacking.members().begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THROW(results::digest_of(lacking, "file"), RunError);
  }
}

TEST(Key, DependsOnEveryPartAndOnNothingElse) {
  auto key = [](const char* text) { return key_of(parse_json(text).value); };
  EXPECT_EQ(key(R"({"a": 1, "b": [2.5]})"), key(R"({ "a":1,"b":[2.5] })"));
  EXPECT_NE(key(R"({"a": 1})"), key(R"({"a": 2})"));
  EXPECT_NE(key(R"({"a": 1})"), key(R"({"b": 1})"));
  EXPECT_EQ(key("{}").size(), 32u);
}

}  // namespace
}  // namespace telegrad::sweep
