#include "sim/results/writer.h"

#include "sim/results/schema.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

class AWriter : public Scratch {
 protected:
  Folder place_{folder_ / "run", Replace::no};
};

TEST_F(AWriter, KeepsEveryMessageAsItWasObserved) {
  Writer writer(place_, small_manifest());
  writer.message({.from = NodeId{1},
                  .to = NodeId{2},
                  .round = 7,
                  .purpose = "share up",
                  .channel = 3,
                  .blocks = 4,
                  .lost_blocks = 1,
                  .bytes = 4000,
                  .information_bits = 30'000,
                  .control_bytes = 12,
                  .queued = SimTime(11),
                  .sent = SimTime(22),
                  .arrived = SimTime(33),
                  .delivered = SimTime(44),
                  .outcome = Outcome::partial});
  writer.message({.from = NodeId{2},
                  .to = NodeId{0},
                  .round = 8,
                  .purpose = "down",
                  .channel = 0,
                  .blocks = 1,
                  .lost_blocks = 1,
                  .bytes = 9,
                  .information_bits = 8,
                  .control_bytes = 0,
                  .queued = SimTime(50),
                  .sent = kNever,
                  .arrived = kNever,
                  .delivered = kNever,
                  .outcome = Outcome::lost});
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(database.text(
                "SELECT group_concat(id || '|' || from_node || '|' || to_node || '|' || round || '|' || "
                "purpose || '|' || channel || '|' || blocks || '|' || lost_blocks || '|' || bytes || '|' || "
                "control_bytes || '|' || queued_ns || '|' || ifnull(sent_ns, 'NULL') || '|' || "
                "ifnull(arrived_ns, 'NULL') || '|' || ifnull(delivered_ns, 'NULL') || '|' || outcome, ';') "
                "FROM message ORDER BY id"),
            "1|1|2|7|share up|3|4|1|4000|12|11|22|33|44|partial;"
            "2|2|0|8|down|0|1|1|9|0|50|NULL|NULL|NULL|lost");
}

TEST_F(AWriter, SaysWhichBytesAreThoseOfAnotherRow) {
  Writer writer(place_, small_manifest());
  for (std::uint32_t worker = 0; worker < 2; ++worker) {
    MessageRecord record{.from = NodeId{2}, .to = NodeId{worker}, .round = 1, .purpose = "down"};
    record.bytes = 500;
    record.overheard = worker > 0;
    writer.message(record);
  }
  writer.round({.round = 1, .begin = {}, .end = ms(1), .train_loss = 1, .participants = 2, .on_air = {}});
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT sum(bytes) FROM message WHERE NOT overheard"), 500);
  EXPECT_EQ(number(database, "SELECT sum(bytes) FROM message"), 1000) << "each receiver has a row";
  EXPECT_EQ(number(database, "SELECT down_serialised_bytes FROM round"), 500);
}

TEST_F(AWriter, KeepsEverySpan) {
  Writer writer(place_, small_manifest());
  writer.span(NodeId{1}, 3, Phase::encode, SimTime(5), SimTime(8));
  writer.span(NodeId{2}, 3, Phase::wait, SimTime(1), SimTime(9));
  writer.finish({});
  EXPECT_EQ(
      Database::open_to_read(place_.database())
          .text(
              "SELECT group_concat(node || '|' || round || '|' || phase || '|' || begin_ns || '|' || end_ns, "
              "';') FROM span ORDER BY rowid"),
      "1|3|encode|5|8;2|3|wait|1|9");
}

TEST_F(AWriter, SumsTheBytesOfARoundByLeg) {
  Writer writer(place_, small_manifest());
  play_round(writer, 1);
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT up_information_bits FROM round"), 4000);
  EXPECT_EQ(number(database, "SELECT up_serialised_bytes FROM round"), 600);
  EXPECT_EQ(number(database, "SELECT up_control_bytes FROM round"), 14);
  EXPECT_EQ(number(database, "SELECT down_information_bits FROM round"), 3000);
  EXPECT_EQ(number(database, "SELECT down_serialised_bytes FROM round"), 400);
  EXPECT_EQ(number(database, "SELECT down_control_bytes FROM round"), 10);
}

TEST_F(AWriter, KeepsTimesLossAndParticipantsOfARound) {
  Writer writer(place_, small_manifest());
  play_round(writer, 1);
  play_round(writer, 2);
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT begin_s FROM round WHERE round = 2"), 0.1);
  EXPECT_EQ(number(database, "SELECT simulated_s FROM round WHERE round = 2"), 0.2);
  EXPECT_EQ(number(database, "SELECT train_loss FROM round WHERE round = 2"), 0.5);
  EXPECT_EQ(number(database, "SELECT participants FROM round WHERE round = 2"), 2);
}

TEST_F(AWriter, CountsMessagesOfARoundThatAreSettledLongAfterIt) {
  Writer writer(place_, small_manifest());
  play_round(writer, 1);
  writer.flush();
  MessageRecord straggler{.from = NodeId{2}, .to = NodeId{1}, .round = 1, .purpose = "share down"};
  straggler.bytes = 50;
  straggler.information_bits = 9;
  straggler.control_bytes = 3;
  writer.message(straggler);
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT down_serialised_bytes FROM round"), 450);
  EXPECT_EQ(number(database, "SELECT down_information_bits FROM round"), 3009);
  EXPECT_EQ(number(database, "SELECT down_control_bytes FROM round"), 13);
}

TEST_F(AWriter, CountsMessagesOfARoundThatIsStillToCome) {
  Writer writer(place_, small_manifest());
  MessageRecord early{.from = NodeId{0}, .to = NodeId{2}, .round = 2, .purpose = "up"};
  early.bytes = 1000;
  writer.message(early);
  play_round(writer, 1);
  play_round(writer, 2);
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT up_serialised_bytes FROM round WHERE round = 1"), 600);
  EXPECT_EQ(number(database, "SELECT up_serialised_bytes FROM round WHERE round = 2"), 1600);
}

TEST_F(AWriter, SaysNullWhereBytesOnTheAirAreNotModelled) {
  Writer writer(place_, small_manifest());
  writer.round(
      {.round = 1, .begin = {}, .end = ms(1), .train_loss = 1, .participants = 1, .on_air = std::nullopt});
  writer.round(
      {.round = 2, .begin = {}, .end = ms(2), .train_loss = 1, .participants = 1, .on_air = OnAir{70, 90}});
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database,
                   "SELECT up_on_air_bytes IS NULL AND down_on_air_bytes IS NULL FROM round WHERE round = 1"),
            1);
  EXPECT_EQ(number(database, "SELECT up_on_air_bytes FROM round WHERE round = 2"), 70);
  EXPECT_EQ(number(database, "SELECT down_on_air_bytes FROM round WHERE round = 2"), 90);
}

TEST_F(AWriter, PutsAnEvaluationIntoItsRoundAndLeavesOthersNull) {
  Writer writer(place_, small_manifest());
  play_round(writer, 1);
  play_round(writer, 2);
  writer.evaluated(
      1, {.validation_accuracy = 0.75, .validation_loss = 0.5, .test_accuracy = {}, .test_loss = 0.25});
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT validation_accuracy FROM round WHERE round = 1"), 0.75);
  EXPECT_EQ(number(database, "SELECT validation_loss FROM round WHERE round = 1"), 0.5);
  EXPECT_EQ(number(database, "SELECT test_loss FROM round WHERE round = 1"), 0.25);
  EXPECT_EQ(number(database, "SELECT test_accuracy IS NULL FROM round WHERE round = 1"), 1);
  EXPECT_EQ(number(database, "SELECT validation_accuracy IS NULL FROM round WHERE round = 2"), 1);
}

TEST_F(AWriter, DescribesTheRunBeforeItsFirstRound) {
  Writer writer(place_, small_manifest());
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(read_meta(database, "schema_version"), Value(3));
  EXPECT_EQ(read_meta(database, "name"), Value("small"));
  EXPECT_EQ(read_meta(database, "status"), Value("running"));
  EXPECT_EQ(read_meta(database, "scenario"), small_manifest().scenario);
  EXPECT_EQ(read_meta(database, "seeds"), small_manifest().seeds);
  EXPECT_EQ(read_meta(database, "not_modelled"), Value(Value::Array{"energy"}));
  EXPECT_EQ(read_meta(database, "parameters"), Value(18'378));
  EXPECT_TRUE(read_meta(database, "phy_rate_mbps").is_null());
  EXPECT_EQ(number(database, "SELECT y FROM node WHERE node = 1"), 4);
  EXPECT_EQ(database.text("SELECT label_histogram FROM node WHERE node = 0"), "[10,50]");
  EXPECT_EQ(database.text("SELECT role FROM node WHERE samples IS NULL"), "hub");
}

TEST_F(AWriter, SaysAtTheEndHowTheRunEndedAndJudgesItsTargets) {
  Writer writer(place_, small_manifest());
  for (std::uint64_t round = 1; round <= 3; ++round) play_round(writer, round);
  writer.evaluated(1,
                   {.validation_accuracy = 0.4, .validation_loss = {}, .test_accuracy = {}, .test_loss = {}});
  writer.evaluated(3,
                   {.validation_accuracy = 0.6, .validation_loss = {}, .test_accuracy = {}, .test_loss = {}});
  writer.finish(
      {.status = "done", .reason = "max_rounds", .detail = "", .fingerprint = "00ff", .wall_s = 1.5});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(read_meta(database, "status"), Value("done"));
  EXPECT_EQ(read_meta(database, "status_reason"), Value("max_rounds"));
  EXPECT_TRUE(read_meta(database, "status_detail").is_null());
  EXPECT_EQ(read_meta(database, "fingerprint"), Value("00ff"));
  EXPECT_EQ(read_meta(database, "host")["wall_s"], Value(1.5));
  EXPECT_EQ(read_meta(database, "host")["threads"], Value(2));
  const Value targets = read_meta(database, "targets");
  ASSERT_EQ(targets.items().size(), 2u);
  EXPECT_EQ(targets.items()[0]["after_s"], Value(0.1));
  EXPECT_EQ(targets.items()[0]["by_s"], Value(0.3));
  EXPECT_EQ(targets.items()[1]["reached"], Value(false));
}

TEST_F(AWriter, LeavesASingleFile) {
  Writer writer(place_, small_manifest());
  play_round(writer, 1);
  writer.finish({});
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(place_.path()))
    files.push_back(entry.path().filename());
  EXPECT_EQ(files, std::vector<std::string>{"results.db"});
}

TEST_F(AWriter, KeepsAHundredThousandRowsInOrder) {
  Writer writer(place_, small_manifest());
  constexpr int kRows = 100'000;  // more than wait for the disk at a time
  for (int i = 0; i < kRows; ++i) writer.span(NodeId{0}, 1, Phase::wait, SimTime(i), SimTime(i + 1));
  writer.finish({});
  Database database = Database::open_to_read(place_.database());
  EXPECT_EQ(number(database, "SELECT count(*) FROM span"), kRows);
  EXPECT_EQ(number(database, "SELECT count(*) FROM span WHERE begin_ns <> rowid - 1"), 0);
}

}  // namespace
}  // namespace telegrad::results
