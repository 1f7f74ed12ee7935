#include "sim/core/pointer.h"

#include <gtest/gtest.h>

#include "sim/core/json.h"

namespace telegrad {
namespace {

TEST(Pointer, FollowsTheExamplesOfRfc6901) {
  Value root =
      trusted_json(R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "m~n": 8, " ": 7, "k\"l": 6})");
  EXPECT_EQ(*find_at(root, ""), root);
  EXPECT_EQ(find_at(root, "/foo/0")->text(), "bar");
  EXPECT_EQ(find_at(root, "/")->integer(), 0);
  EXPECT_EQ(find_at(root, "/a~1b")->integer(), 1);
  EXPECT_EQ(find_at(root, "/c%d")->integer(), 2);
  EXPECT_EQ(find_at(root, "/m~0n")->integer(), 8);
  EXPECT_EQ(find_at(root, "/ ")->integer(), 7);
  EXPECT_EQ(find_at(root, "/k\"l")->integer(), 6);
}

TEST(Pointer, FindsNothingWhereNothingIs) {
  Value root = trusted_json(R"({"a": [1], "t": "text"})");
  for (const char* pointer : {"/b", "/a/1", "/a/-", "/a/00", "/a/x", "/a/-1", "/t/0", "a", "/a~2", "/a~",
                              "/a/18446744073709551616"}) {
    EXPECT_EQ(find_at(root, pointer), nullptr) << pointer;
  }
}

TEST(Pointer, SettingMakesTheObjectsOnTheWay) {
  Value root = trusted_json(R"({"a": [1]})");
  EXPECT_EQ(set_at(root, "/x/y~1z", Value(5)), "");
  EXPECT_EQ(set_at(root, "/a/-", Value(2)), "");
  EXPECT_EQ(set_at(root, "/a/2", Value(3)), "");
  EXPECT_EQ(set_at(root, "/a/0", Value("one")), "");
  EXPECT_EQ(dump_json(root), R"({"a":["one",2,3],"x":{"y/z":5}})");
}

TEST(Pointer, SettingSaysWhyItCannot) {
  Value root = trusted_json(R"({"a": [1], "t": "text"})");
  EXPECT_NE(set_at(root, "/a/9", Value(1)), "");
  EXPECT_NE(set_at(root, "/t/x", Value(1)), "");
  EXPECT_NE(set_at(root, "t", Value(1)), "");
}

TEST(Pointer, RemovingTakesOneMemberOrElement) {
  Value root = trusted_json(R"({"a": [1, 2, 3], "b": {"c": 1, "d": 2}})");
  EXPECT_EQ(remove_at(root, "/a/1"), "");
  EXPECT_EQ(remove_at(root, "/b/c"), "");
  EXPECT_EQ(remove_at(root, "/absent/c"), "");
  EXPECT_NE(remove_at(root, ""), "");
  EXPECT_EQ(dump_json(root), R"({"a":[1,3],"b":{"d":2}})");
}

TEST(Pointer, LiesWithinByWholeSteps) {
  EXPECT_TRUE(lies_within("/a/b", "/a"));
  EXPECT_TRUE(lies_within("/a", "/a"));
  EXPECT_TRUE(lies_within("/a", ""));
  EXPECT_FALSE(lies_within("/ab", "/a"));
}

}  // namespace
}  // namespace telegrad
