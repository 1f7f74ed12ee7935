#include "sim/core/json.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/core/pointer.h"

namespace telegrad {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Value good(std::string_view text) {
  Parsed parsed = parse_json(text);
  EXPECT_TRUE(parsed.complete);
  EXPECT_THAT(parsed.problems, IsEmpty()) << parsed.problems.front().message;
  return parsed.value;
}

/// "2:7 /a the message; the remedy"
std::vector<std::string> complaints(std::string_view text) {
  std::vector<std::string> lines;
  for (const Problem& problem : parse_json(text).problems) {
    lines.push_back(std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
                    problem.pointer + " " + problem.message + "; " + problem.remedy);
  }
  return lines;
}

TEST(Json, IntegersStayIntegersAndRealsStayReals) {
  Value value = good("[1, -7, 1.0, 1e2, 9223372036854775807, -9223372036854775808, -0.0]");
  EXPECT_EQ(value.items()[1].integer(), -7);
  EXPECT_FALSE(value.items()[2].is_integer());
  EXPECT_FALSE(value.items()[3].is_integer());
  EXPECT_EQ(value.items()[4].integer(), INT64_MAX);
  EXPECT_EQ(value.items()[5].integer(), INT64_MIN);
  EXPECT_TRUE(std::signbit(value.items()[6].number()));
}

TEST(Json, EveryValueKnowsItsPlaceInCharacters) {
  Value value = good("{\"größe\": [1,\r\n  {\"a\" : null}],\n\t\"b\":\"x\\\"y\", \"c\": true}");
  auto place = [&](const char* pointer) {
    const Value* at = find_at(value, pointer);
    return std::pair(at->line, at->column);
  };
  EXPECT_EQ(place(""), std::pair(1, 1));
  EXPECT_EQ(place("/größe"), std::pair(1, 11));
  EXPECT_EQ(place("/größe/0"), std::pair(1, 12));
  EXPECT_EQ(place("/größe/1"), std::pair(2, 3));
  EXPECT_EQ(place("/größe/1/a"), std::pair(2, 10));
  EXPECT_EQ(place("/b"), std::pair(3, 6));
  EXPECT_EQ(place("/c"), std::pair(3, 19));
}

TEST(Json, MembersKeepTheirOrder) {
  Value value = good(R"({"z": 1, "a": 2, "m": 3})");
  std::vector<std::string> keys;
  for (const Member& member : value.members()) keys.push_back(member.key);
  EXPECT_THAT(keys, ElementsAre("z", "a", "m"));
}

TEST(Json, ADuplicateKeyIsReportedWithBothPlacesAndReadingGoesOn) {
  EXPECT_THAT(complaints("{\"a\": {\"b/c\": 1,\n\"b/c\": 2}, \"d\": 18446744073709551616}"),
              ElementsAre("2:8 /a/b~1c the key is given twice; keep one; the other is at 1:15",
                          HasSubstr("2:17 /d '18446744073709551616' does not fit a 64-bit integer")));
}

TEST(Json, EscapedKeysThatMeanTheSameAreDuplicates) {
  EXPECT_THAT(complaints(R"({"a": 1, "\u0061": 2})"), ElementsAre(HasSubstr("/a the key is given twice")));
}

TEST(Json, NumbersThatDoNotFitAreErrors) {
  EXPECT_THAT(complaints("[9223372036854775808]"),
              ElementsAre(HasSubstr("1:2 /0 '9223372036854775808' does not fit")));
  EXPECT_THAT(complaints("[1e400]"), ElementsAre(HasSubstr("1:2  '1e400' is too large")));
  EXPECT_THAT(complaints("[-1e-400]"), ElementsAre(HasSubstr("1:2 /0 '-1e-400' is too small")));
}

TEST(Json, NotANumberIsNoJson) {
  for (const char* text : {"[NaN]", "[Infinity]", "[-Infinity]", "[nan]", "[inf]"}) {
    EXPECT_THAT(complaints(text), ElementsAre(HasSubstr("write a finite number"))) << text;
  }
}

TEST(Json, SlipsOfTheHandGetARemedyAtTheirPlace) {
  EXPECT_THAT(complaints("{\"a\": 1,}"),
              ElementsAre(testing::AllOf(HasSubstr("1:9"), HasSubstr("remove the comma"))));
  EXPECT_THAT(complaints("{\"a\": 1\n \"b\": 2}"),
              ElementsAre(testing::AllOf(HasSubstr("2:2"), HasSubstr("is a comma missing?"))));
  EXPECT_THAT(complaints("{a: 1}"), ElementsAre(HasSubstr("double quotes")));
  EXPECT_THAT(complaints("{'a': 1}"), ElementsAre(HasSubstr("double quotes")));
  EXPECT_THAT(complaints("// hello\n{}"), ElementsAre(HasSubstr("no comments")));
  EXPECT_THAT(complaints("[True]"), ElementsAre(HasSubstr("small letters")));
  EXPECT_THAT(complaints("[+1]"), ElementsAre(HasSubstr("leave the + out")));
  EXPECT_THAT(complaints("[1, 2"), ElementsAre(testing::AllOf(HasSubstr("1:6"), HasSubstr("not closed"))));
  EXPECT_THAT(complaints("  \n"), ElementsAre(HasSubstr("the file is empty")));
}

TEST(Json, ADumpedValueReadsBackAndRealsKeepTheirKind) {
  EXPECT_EQ(dump_json(good(R"([0.1, 1.0, 1e22, 5e-324, -0.0, 100000, 1.7976931348623157e308])")),
            "[0.1,1.0,1e+22,5e-324,-0.0,100000,1.7976931348623157e+308]");
  EXPECT_EQ(dump_json(good(R"({"a": {}, "b": [], "c": "\"\\\n\u0001é\ud83d\ude00", "d": null, "e": false})")),
            "{\"a\":{},\"b\":[],\"c\":\"\\\"\\\\\\n\\u0001é😀\",\"d\":null,\"e\":false}");
}

TEST(Json, AnIndentedDumpIsReadable) {
  EXPECT_EQ(dump_json(good(R"({"a":[1,2],"b":{"c":[{"d":1}]},"e":{}})"), 2),
            "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"c\": [\n      {\n        \"d\": 1\n      }\n    ]\n  "
            "},\n  \"e\": {}\n}");
}

TEST(Json, NumbersThatJsonLacksAreDumpedAsNull) {
  EXPECT_EQ(dump_json(Value(Value::Array{Value(std::nan("")), Value(HUGE_VAL)})), "[null,null]");
}

}  // namespace
}  // namespace telegrad
