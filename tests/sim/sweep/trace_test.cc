#include "sim/sweep/trace.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/sim/results/scratch.h"

namespace telegrad::sweep {
namespace {

using testing::HasSubstr;

class TraceTest : public results::Scratch {
 protected:
  std::filesystem::path file(const std::string& text) {
    std::filesystem::path path = folder_ / "trace.csv";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string complaint(const std::string& text) {
    try {
      read_trace(file(text), 1000);
      return "";
    } catch (const ScenarioError& error) {
      return error.what();
    }
  }
};

constexpr const char* kHeader = "round,worker,bytes_up,bytes_down,compute_s,accuracy\n";

TEST_F(TraceTest, BecomesARecordingOfThoseSizesAndTimes) {
  Recording recording = read_trace(file(std::string(kHeader) + "1,0,2500,100,0.5,\n1,1,0,100,0,\r\n"
                                                               "2,1,3000,200,1.5,\n2,0,10,200,0.25,0.9\n"),
                                   1000);
  EXPECT_EQ(size_of(recording).workers, 2u);
  EXPECT_EQ(size_of(recording).rounds, 2u);
  const auto& worker = recording.nodes[0];
  ASSERT_EQ(worker.size(), 6u);
  EXPECT_EQ(worker[0].cost.seconds, 0.5);
  EXPECT_EQ(recording.shadows[worker[1].shadow].sizes, (std::vector<std::uint32_t>{1000, 1000, 500}));
  EXPECT_EQ(recording.nodes[1].size(), 5u) << "no work where it took no time";
  EXPECT_EQ(recording.evaluations.at(2).test_accuracy, 0.9);
  EXPECT_FALSE(recording.evaluations.contains(1));
}

TEST_F(TraceTest, ColumnsMayStandInAnyOrderAndAccuracyMayBeAbsent) {
  Recording recording = read_trace(file("worker,round,compute_s,bytes_down,bytes_up\n0,1,2,30,40\n"), 1000);
  EXPECT_EQ(recording.shadows[recording.nodes[0][1].shadow].sizes.front(), 40u);
}

TEST_F(TraceTest, SaysWhatIsWrongInWhichLine) {
  auto with = [&](const std::string& rows) { return complaint(kHeader + rows); };
  EXPECT_THAT(complaint(""), HasSubstr("trace.csv:1:1: there is no column 'round'; begin with the header"));
  EXPECT_THAT(with(""), HasSubstr("has no rows"));
  EXPECT_THAT(with("1,0,1,1\n"), HasSubstr(":2:1: has 4 fields, the header has 6"));
  EXPECT_THAT(with("1,0,x,1,1,\n"), HasSubstr(":2:1: bytes_up is 'x', expected a number"));
  EXPECT_THAT(with("1,0,1.5,1,1,\n"), HasSubstr("bytes_up is '1.5', expected an integer"));
  EXPECT_THAT(with("1,0,-1,1,1,\n"), HasSubstr("bytes_up is '-1'"));
  EXPECT_THAT(with("1,0,1,1,nan,\n"), HasSubstr("compute_s is 'nan'"));
  EXPECT_THAT(with("1,0,1,1,1,1.5\n"), HasSubstr("accuracy is '1.5', expected a number from 0 to 1"));
  EXPECT_THAT(with("0,0,1,1,1,\n"), HasSubstr("round is '0'"));
  EXPECT_THAT(with("2,0,1,1,1,\n"), HasSubstr("expected round 1, worker 0 once, found round 2, worker 0"));
  EXPECT_THAT(with("1,0,1,1,1,\n1,0,1,1,1,\n"), HasSubstr("expected round 2, worker 0 once, found round 1"));
  EXPECT_THAT(with("1,0,1,1,1,\n1,1,1,2,1,\n"), HasSubstr(":3:1: bytes_down is 2, worker 0 got 1"));
  EXPECT_THAT(with("1,0,1,1,1,\n1,1,1,1,1,\n2,0,1,1,1,\n"), HasSubstr("the last round lacks worker 1"));
  EXPECT_THAT(with("1,0,a,b,1,\n1,1,c,1,1,\n"), HasSubstr(":3:1: bytes_up is 'c'")) << "all at once";
}

TEST_F(TraceTest, AFileThatIsNotThereOrAFolderIsAClearMistake) {
  EXPECT_THROW(read_trace(folder_ / "none.csv", 1000), ScenarioError);
  EXPECT_THROW(read_trace(folder_, 1000), ScenarioError);
}

TEST_F(TraceTest, SurvivesEveryMutation) {
  std::string sound =
      std::string(kHeader) + "1,0,2500,100,0.5,0.1\n1,1,20,100,0,\n2,0,10,200,0.25,0.9\n2,1,30,200,1,\n";
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string text = sound;
    for (int edits = 1 + static_cast<int>(random() % 3); edits > 0; --edits) {
      std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, 1 + random() % 5); break;
        default: text.insert(at, 1, ",0123456789.e-\n\""[random() % 16]);
      }
    }
    complaint(text);  // a mistake or a recording, never anything else
  }
}

}  // namespace
}  // namespace telegrad::sweep
