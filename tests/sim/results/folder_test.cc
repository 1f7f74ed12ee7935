#include "sim/results/folder.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/results/writer.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class AFolder : public Scratch {
 protected:
  void write_a_run(const std::filesystem::path& path) {
    Folder folder(path, Replace::no);
    Writer writer(folder, small_manifest());
    play_round(writer, 1);
    writer.finish({});
  }

  std::filesystem::path run_ = folder_ / "a" / "run";
};

TEST_F(AFolder, IsMadeWithItsParents) {
  Folder folder(run_, Replace::no);
  EXPECT_TRUE(std::filesystem::is_directory(run_));
  EXPECT_EQ(Folder::results_in(run_), std::nullopt);
}

TEST_F(AFolder, WithResultsIsRefusedAndLeftAsItIs) {
  write_a_run(run_);
  std::string before = read_file(run_ / "results.db");
  EXPECT_THAT(storage_complaint([&] { Folder again(run_, Replace::no); }),
              AllOf(HasSubstr(run_.string()), HasSubstr("done, 1 round)"), HasSubstr("--out")));
  EXPECT_EQ(read_file(run_ / "results.db"), before);
}

TEST_F(AFolder, IsReplacedWhenToldSoButForeignFilesStay) {
  write_a_run(run_);
  std::ofstream(run_ / "rounds.csv") << "old";
  std::ofstream(run_ / "notes.txt") << "mine";
  Folder again(run_, Replace::yes);
  EXPECT_FALSE(std::filesystem::exists(run_ / "results.db"));
  EXPECT_FALSE(std::filesystem::exists(run_ / "rounds.csv"));
  EXPECT_EQ(read_file(run_ / "notes.txt"), "mine");
}

TEST_F(AFolder, OfARunThatGoesOnIsRefusedEvenWhenItIsToBeReplaced) {
  Folder folder(run_, Replace::no);
  Writer writer(folder, small_manifest());
  EXPECT_THAT(storage_complaint([&] { Folder again(run_, Replace::yes); }),
              HasSubstr("a run is writing there"));
  play_round(writer, 1);
  writer.finish({});
}

TEST_F(AFolder, ThatIsAFileIsRefused) {
  std::filesystem::create_directories(run_.parent_path());
  std::ofstream(run_) << "a file";
  EXPECT_THAT(storage_complaint([&] { Folder folder(run_, Replace::yes); }), HasSubstr("--out"));
  EXPECT_EQ(read_file(run_), "a file");
}

TEST_F(AFolder, ThatCannotBeMadeIsNamed) {
  EXPECT_THAT(storage_complaint([] { Folder folder("/proc/telegrad", Replace::no); }),
              HasSubstr("/proc/telegrad"));
}

/// For root no folder is read-only.
TEST_F(AFolder, ThatMayNotBeWrittenToIsRefusedWithARemedy) {
  std::filesystem::create_directories(run_);
  chmod(run_.c_str(), 0555);
  chmod(folder_.c_str(), 0755);
  bool root = geteuid() == 0;
  if (root && seteuid(65534) != 0) GTEST_SKIP() << "cannot become another user";
  std::string complaint = storage_complaint([&] {
    Folder folder(run_, Replace::no);
    Writer writer(folder, small_manifest());
  });
  EXPECT_TRUE(!root || seteuid(0) == 0);
  EXPECT_THAT(complaint, AllOf(HasSubstr("results.db"), HasSubstr("check that the folder")));
}

TEST_F(AFolder, HoldsSmallFiles) {
  Folder folder(run_, Replace::no);
  folder.write("scenario.json", "{}\n");
  EXPECT_EQ(read_file(run_ / "scenario.json"), "{}\n");
  EXPECT_THAT(storage_complaint([&] { folder.write("no/such/file", ""); }), HasSubstr("no/such/file"));
}

TEST_F(AFolder, WithForeignBytesInItsDatabaseIsRefusedToo) {
  std::filesystem::create_directories(run_);
  std::ofstream(run_ / "results.db") << std::string(10'000, 'x');
  storage_complaint([&] { Folder folder(run_, Replace::no); });
  EXPECT_THAT(storage_complaint([&] { Database::open_to_read(run_ / "results.db"); }),
              HasSubstr("not a database"));
}

}  // namespace
}  // namespace telegrad::results
