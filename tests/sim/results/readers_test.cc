// Who reads a database while a run writes it.
#include <gmock/gmock.h>

#include "sim/results/schema.h"
#include "sim/results/writer.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::HasSubstr;

class ARunWithAReader : public Scratch {
 protected:
  Folder place_{folder_ / "run", Replace::no};
};

TEST_F(ARunWithAReader, IsReadableWhileItWrites) {
  Writer writer(place_, small_manifest());
  Database reader = Database::open_to_read(place_.database());
  for (std::uint64_t round = 1; round <= 20; ++round) {
    play_round(writer, round);
    writer.flush();
    EXPECT_EQ(number(reader, "SELECT max(round) FROM round"), static_cast<double>(round));
  }
  writer.finish({});
  EXPECT_EQ(read_meta(reader, "status"), Value("done"));
}

TEST_F(ARunWithAReader, ShowsItsRoundsSoonWithoutBeingAsked) {
  Writer writer(place_, small_manifest());
  Database reader = Database::open_to_read(place_.database());
  play_round(writer, 1);
  auto begin = std::chrono::steady_clock::now();
  while (number(reader, "SELECT count(*) FROM round") < 1) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    std::this_thread::yield();
  }
}

TEST_F(ARunWithAReader, IsNotHeldUpByAReaderThatKeepsItsSnapshot) {
  Writer writer(place_, small_manifest());
  play_round(writer, 1);
  writer.flush();
  Database reader = Database::open_to_read(place_.database());
  Statement rows = reader.prepare("SELECT node FROM span");
  ASSERT_TRUE(rows.step());  // in the middle of reading
  play_round(writer, 2);
  writer.flush();
  writer.finish({});
  EXPECT_EQ(number(Database::open_to_read(place_.database()), "SELECT count(*) FROM round"), 2);
}

TEST_F(ARunWithAReader, WithARollbackJournalSaysSoAndIsReadableToo) {
  Writer writer(place_, small_manifest(), Journal::rollback);
  EXPECT_THAT(writer.notice(), HasSubstr("rollback journal"));
  Database reader = Database::open_to_read(place_.database());
  play_round(writer, 1);
  writer.flush();
  EXPECT_EQ(number(reader, "SELECT count(*) FROM round"), 1);
  writer.finish({});
}

TEST(AJournal, IsAWriteAheadLogOnLocalFileSystemsOnly) {
  EXPECT_EQ(network_file_system(0x6969), "NFS");
  EXPECT_EQ(network_file_system(static_cast<int>(0xff534d42)), "CIFS");
  EXPECT_EQ(network_file_system(0xef53), std::nullopt);      // ext4
  EXPECT_EQ(network_file_system(0x01021994), std::nullopt);  // tmpfs
}

}  // namespace
}  // namespace telegrad::results
