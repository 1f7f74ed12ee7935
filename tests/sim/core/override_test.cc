#include "sim/core/override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/core/json.h"
#include "sim/core/resolve.h"

namespace telegrad {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string applied(std::vector<std::string> arguments) {
  Value user = trusted_json(R"({"a": 1, "b": {"c": [1, 2]}})");
  std::vector<Problem> problems;
  Overrides(std::move(arguments)).apply(user, problems);
  EXPECT_THAT(problems, IsEmpty());
  return dump_json(user);
}

TEST(Overrides, ReplaceAddAppendAndRemove) {
  EXPECT_EQ(applied({"/a=2", "/b/c/0=9", "/b/c/-=3", "/d/e=true"}),
            R"({"a":2,"b":{"c":[9,2,3]},"d":{"e":true}})");
  EXPECT_EQ(applied({"/a=null", "/b/c/1=null"}), R"({"b":{"c":[1]}})");
}

TEST(Overrides, TakeJsonAndElseText) {
  EXPECT_EQ(applied({R"(/a={"type":"ideal"})", "/b=wifi"}), R"({"a":{"type":"ideal"},"b":"wifi"})");
  EXPECT_EQ(applied({"/a=\"5\"", "/b=a=b"}), R"({"a":"5","b":"a=b"})");
  EXPECT_EQ(applied({"/a=", "/b=NaN"}), R"({"a":"","b":"NaN"})");
}

std::vector<std::string> refused(std::string argument) {
  Value user = trusted_json(R"({"a": 1, "b": [1]})");
  std::vector<Problem> problems;
  Overrides overrides({std::move(argument)});
  overrides.apply(user, problems);
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(problem.origin + ": " + problem.message);
  return lines;
}

TEST(Overrides, SayWhatIsWrongWithThem) {
  EXPECT_THAT(refused("a=1"), ElementsAre(HasSubstr("--set 'a=1': expected /key/key=value")));
  EXPECT_THAT(refused("/a"), ElementsAre(HasSubstr("expected /key/key=value")));
  EXPECT_THAT(refused("/a/x=1"), ElementsAre(HasSubstr("neither an object nor an array")));
  EXPECT_THAT(refused("/b/7=1"), ElementsAre(HasSubstr("no index")));
  EXPECT_THAT(refused(R"(/a={"x":1,"x":2})"), ElementsAre(HasSubstr("given twice")));
  EXPECT_THAT(refused("/a=\xff"), ElementsAre(HasSubstr("no UTF-8 text")));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "/a";
  EXPECT_THAT(refused(deep + "=1"), ElementsAre(HasSubstr("expected /key/key=value")));
}

TEST(Overrides, AreBlamedForWhatTheyBroke) {
  Value user = trusted_json("{\n\"a\": 1,\n\"b\": {\"c\": 1}}");
  Overrides overrides({"/b/c=x", "/n/m=1"});
  std::vector<Problem> problems;
  overrides.apply(user, problems);
  problems = {{"/b/c", 0, 0, "wrong", ""}, {"/a", 0, 0, "wrong", ""}, {"/n", 0, 0, "unknown", ""}};
  locate(problems, user);
  overrides.blame(problems);
  EXPECT_EQ(ScenarioError("f.json", problems).what(),
            std::string("--set /b/c: /b/c: wrong\nf.json:2:6: /a: wrong\n--set /n/m: /n: unknown"));
}

}  // namespace
}  // namespace telegrad
