#include "sim/sweep/sentences.h"

#include <gtest/gtest.h>

#include "sim/core/json.h"
#include "sim/sweep/database.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::sweep {
namespace {

class SentencesTest : public results::Scratch {
 protected:
  static results::Digest digest(std::vector<std::string> assumptions) {
    results::Digest made;
    made.assumptions = std::move(assumptions);
    made.warnings = {"w"};
    return made;
  }
  const Judging judging_{{0.5}, "test"};
};

TEST_F(SentencesTest, ThoseOfEveryFinishedCellAreKeptOnce) {
  SweepDatabase database(folder_);
  EXPECT_EQ(dump_json(database.meta("assumptions")), "[]");
  database.set_done({0}, digest({"a", "b"}), "computed", judging_);
  database.set_done({1}, digest({"b", "c"}), "computed", judging_);
  EXPECT_EQ(dump_json(database.meta("assumptions")), R"(["a","b","c"])");
  EXPECT_EQ(dump_json(database.meta("warnings")), R"(["w"])");
  EXPECT_EQ(dump_json(database.meta("not_modelled")), "[]");
}

TEST_F(SentencesTest, AProcessAddsToThoseOfTheOneBefore) {
  SweepDatabase(folder_).set_done({0}, digest({"a"}), "computed", judging_);
  SweepDatabase(folder_).set_done({1}, digest({"b"}), "computed", judging_);
  EXPECT_EQ(dump_json(SweepDatabase(folder_).meta("assumptions")), R"(["a","b"])");
}

}  // namespace
}  // namespace telegrad::sweep
