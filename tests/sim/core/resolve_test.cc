#include "sim/core/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/core/json.h"

namespace telegrad {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Catalogues shapes() {
  Catalogues catalogues;
  Description circle{.name = "circle",
                     .summary = "round",
                     .source = "",
                     .parameters = {real("radius_m", "half its width").over(0, 10).measured_in("m")},
                     .example = ""};
  Description square{
      .name = "square",
      .summary = "not round",
      .source = "",
      .parameters = {real("side_m", "its side").otherwise(1.0), real("area_m2", "its area").optional()},
      .example = ""};
  square.check = [](const Value& resolved, std::vector<Problem>& problems) {
    if (resolved.find("area_m2"))
      problems.push_back(Problem{"/area_m2", 0, 0, "give the side, not the area", {}});
  };
  catalogues.add({"shapes", "what has an area", {circle, square}});
  return catalogues;
}

Table table() {
  return {integer("count", "how many").in(1, 100),
          real("ratio", "share of them").over(0, 1).otherwise(0.5),
          boolean("loud", "says so").otherwise(false),
          text("name", "its name").of_length(1, 5).otherwise("x"),
          choice("colour", {"red", "green", "blue"}, "its colour").otherwise("red"),
          typed("shape", "shapes", "its shape").otherwise_json(R"({"type": "square"})"),
          object("size", {integer("width", "in x").otherwise(3), integer("height", "in y").otherwise(4)},
                 "how large")
              .otherwise_json("{}"),
          map("attributes", "anything").otherwise_json("{}"),
          reals("levels", "thresholds").over(0, 1).otherwise_json("[]").of_length(0, 3),
          points("places_m", "where").optional()};
}

/// "/pointer: message; remedy" of all that is wrong.
std::vector<std::string> complaints(std::string_view text) {
  std::vector<Problem> problems;
  resolve(trusted_json(text), table(), shapes(), problems);
  std::vector<std::string> lines;
  for (const Problem& problem : problems)
    lines.push_back(problem.pointer + ": " + problem.message + "; " + problem.remedy);
  return lines;
}

Value good(std::string_view text) {
  std::vector<Problem> problems;
  Value resolved = resolve(trusted_json(text), table(), shapes(), problems);
  EXPECT_THAT(problems, IsEmpty()) << problems.front().pointer << problems.front().message;
  return resolved;
}

TEST(Resolve, FillsInEveryDefaultInTheOrderOfTheTable) {
  EXPECT_EQ(
      dump_json(good(R"({"ratio": 1, "count": 2})")),
      R"({"count":2,"ratio":1.0,"loud":false,"name":"x","colour":"red","shape":{"type":"square","side_m":1.0},)"
      R"("size":{"width":3,"height":4},"attributes":{},"levels":[]})");
}

TEST(Resolve, IsDoneWithItsOwnResult) {
  Value once = good(R"({"count": 2, "shape": {"type": "circle", "radius_m": 1}, "places_m": [[0, 1.5]]})");
  EXPECT_EQ(good(dump_json(once)), once);
}

TEST(Resolve, ReportsEverythingAtOnce) {
  EXPECT_THAT(
      complaints(
          R"({"ratoi": 0.1, "loud": 1, "colour": "gren", "shape": {"type": "circel"}, "size": {"width": 1.5}})"),
      ElementsAre(
          "/ratoi: unknown key 'ratoi'; did you mean 'ratio'?",
          "/count: missing, expected an integer in [1, 100]: how many; ",
          "/loud: expected true or false, found 1; ",
          "/colour: expected 'red', 'green' or 'blue', found the text 'gren'; did you mean 'green'?",
          "/shape/type: expected 'circle' or 'square', found the text 'circel'; did you mean 'circle'?",
          "/size/width: expected an integer, found 1.5; "));
}

TEST(Resolve, AnIntegerMustBeWrittenAsOne) {
  EXPECT_THAT(
      complaints(R"({"count": 1e1})"),
      ElementsAre(
          "/count: expected an integer in [1, 100], found 10.0; write 10, without point and exponent"));
  EXPECT_THAT(complaints(R"({"count": "10"})"), ElementsAre(HasSubstr("write it without quotes")));
  EXPECT_THAT(complaints(R"({"count": null})"), ElementsAre(HasSubstr("found null")));
}

TEST(Resolve, RangesAreClosedButWhereTheyExcludeTheLowerEnd) {
  EXPECT_THAT(complaints(R"({"count": 100, "ratio": 1})"), IsEmpty());
  EXPECT_THAT(complaints(R"({"count": 0, "ratio": 0})"),
              ElementsAre("/count: 0 is out of range, expected an integer in [1, 100]; ",
                          "/ratio: 0 is out of range, expected a number in (0, 1]; "));
  EXPECT_THAT(complaints(R"({"count": 101, "shape": {"type": "circle", "radius_m": 10.5}})"),
              ElementsAre(HasSubstr("101 is out of range"), HasSubstr("expected a number in (0, 10], in m")));
}

TEST(Resolve, AnObjectsOwnCheckSpeaksFromItsPlace) {
  EXPECT_THAT(complaints(R"({"count": 1, "shape": {"type": "square", "area_m2": 4}})"),
              ElementsAre("/shape/area_m2: give the side, not the area; "));
}

TEST(Resolve, AKeyThatIsThereAlreadyIsNotSuggested) {
  EXPECT_THAT(complaints(R"({"count": 1, "colour": "red", "color": "red"})"),
              ElementsAre(HasSubstr("/color: unknown key")));
  EXPECT_THAT(complaints(R"({"count": 1, "zzz": 1})"), ElementsAre(HasSubstr("known keys are count, ratio")));
}

TEST(Resolve, ListsTextsAndMapsAreCheckedWithin) {
  EXPECT_THAT(
      complaints(R"({"count": 1, "levels": [0.5, 0, "x"]})"),
      ElementsAre(HasSubstr("/levels/1: 0 is out of range"), HasSubstr("/levels/2: expected a number")));
  EXPECT_THAT(complaints(R"({"count": 1, "levels": [1, 1, 1, 1]})"),
              ElementsAre(HasSubstr("its length is 4")));
  EXPECT_THAT(complaints(R"({"count": 1, "name": ""})"), ElementsAre(HasSubstr("its length is 0")));
  EXPECT_THAT(complaints(R"({"count": 1, "name": "größe"})"), IsEmpty());
  EXPECT_THAT(
      complaints(R"({"count": 1, "places_m": [[1, 2], [1], [1, "y"]]})"),
      ElementsAre(HasSubstr("/places_m/1: expected a point"), HasSubstr("/places_m/2/1: expected a number")));
  EXPECT_THAT(
      complaints(R"({"count": 1, "attributes": {"a/b": [1], "c": 1, "d": "x", "e": true}})"),
      ElementsAre(HasSubstr("/attributes/a~1b: expected a number, a text or a boolean, found a list")));
}

TEST(Resolve, WhatIsNoObjectIsRefused) {
  EXPECT_THAT(complaints("[]"), ElementsAre(": expected an object, found a list; "));
  EXPECT_THAT(
      complaints(R"({"count": 1, "shape": "circle", "size": 3})"),
      ElementsAre(
          HasSubstr("/shape: expected an object whose type is one of the shapes, found the text 'circle'"),
          HasSubstr("/size: expected an object, found 3")));
  EXPECT_THAT(complaints(R"({"count": 1, "shape": {}})"), ElementsAre(HasSubstr("/shape/type: missing")));
}

TEST(Resolve, AHostileObjectIsAnsweredShortly) {
  std::string many = "{\"count\": 1";
  for (int i = 0; i < 20'000; ++i) many += ",\"k" + std::to_string(i) + "\":0";
  EXPECT_LE(complaints(many + "}").size(), 51u);
}

TEST(Locate, GivesTheDeepestPlaceThatExists) {
  Value user = trusted_json("{\n  \"a\": {\"b\": 1}\n}");
  std::vector<Problem> problems{
      {"/a/b", 0, 0, "", ""}, {"/a/missing/too", 0, 0, "", ""}, {"/c", 0, 0, "", ""}};
  locate(problems, user);
  EXPECT_EQ(std::pair(problems[0].line, problems[0].column), std::pair(2, 14));
  EXPECT_EQ(std::pair(problems[1].line, problems[1].column), std::pair(2, 8));
  EXPECT_EQ(std::pair(problems[2].line, problems[2].column), std::pair(1, 1));
}

}  // namespace
}  // namespace telegrad
