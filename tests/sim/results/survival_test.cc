// What is left of a run whose process, disk or folder fails.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "sim/results/schema.h"
#include "sim/results/writer.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

class ARun : public Scratch {};

constexpr std::uint64_t kEnough = 1'000'000;  // rounds, more than any of these disks holds

/// Plays rounds after the first until an observer's call throws.
void play_until_failure(Writer& writer) {
  for (std::uint64_t round = 2; round < kEnough; ++round) play_round(writer, round);
}

void expect_a_storage_failure_that_keeps_rounds(const std::filesystem::path& path) {
  Folder folder(path, Replace::no);
  Writer writer(folder, small_manifest());
  play_round(writer, 1);
  writer.flush();
  std::string complaint = storage_complaint([&] { play_until_failure(writer); });
  EXPECT_THAT(complaint, AllOf(HasSubstr("results.db"), ContainsRegex("free (some )?space")));
  writer.finish(
      {.status = "failed", .reason = "storage", .detail = complaint, .fingerprint = "", .wall_s = 1});
  Database database = Database::open_to_read(folder.database());
  EXPECT_EQ(database.text("PRAGMA integrity_check"), "ok");
  EXPECT_GE(number(database, "SELECT count(*) FROM round"), 1);
  EXPECT_EQ(number(database, "SELECT count(*) FROM round"), number(database, "SELECT max(round) FROM round"));
  EXPECT_EQ(read_meta(database, "status"), Value("failed"));
  EXPECT_EQ(read_meta(database, "status_reason"), Value("storage"));
}

TEST_F(ARun, OnADiskThatFillsUpEndsWithAReasonAndKeepsItsRounds) {
  if (mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=4m") != 0)
    GTEST_SKIP() << "no right to mount a small disk";
  expect_a_storage_failure_that_keeps_rounds(folder_ / "run");
  umount2(folder_.c_str(), MNT_DETACH);
}

/// Files of this process cannot grow beyond so many bytes.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(ARun, BeyondItsQuotaEndsWithAReasonAndKeepsItsRounds) {
  SmallFiles quota(1 << 20);
  expect_a_storage_failure_that_keeps_rounds(folder_ / "run");
}

TEST_F(ARun, WhoseLastRowsDoNotFitIsAFailedRun) {
  Folder folder(folder_ / "run", Replace::no);
  Writer writer(folder, small_manifest());
  play_round(writer, 1);
  writer.flush();
  {
    SmallFiles quota(1 << 20);
    storage_complaint([&] {  // on a slow machine some are committed, and refused, before the end
      for (int i = 0; i < 60'000; ++i) writer.span(NodeId{0}, 2, Phase::wait, SimTime(i), SimTime(i + 1));
      writer.finish({.status = "done", .reason = "", .detail = "", .fingerprint = "", .wall_s = 1});
    });
  }
  writer.finish({.status = "failed",
                 .reason = "storage",
                 .detail = "",
                 .fingerprint = "",
                 .wall_s = 1});  // as a run would
  Database database = Database::open_to_read(folder.database());
  EXPECT_EQ(read_meta(database, "status"), Value("failed"));
  EXPECT_EQ(number(database, "SELECT count(*) FROM round"), 1);
}

TEST_F(ARun, ThatIsKilledLeavesItsRoundsReadableAndItsStatusRunning) {
  int told[2];
  ASSERT_EQ(pipe(told), 0);
  constexpr int kKept = 5;
  pid_t child = fork();
  if (child == 0) {
    Folder folder(folder_ / "run", Replace::no);
    Writer writer(folder, small_manifest());
    for (std::uint64_t round = 1; round < kEnough; ++round) {
      play_round(writer, round);
      if (round == kKept) {
        writer.flush();
        if (write(told[1], "x", 1) != 1) _exit(1);
      }
    }
    _exit(0);
  }
  close(told[1]);
  char byte = 0;
  ASSERT_EQ(read(told[0], &byte, 1), 1);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  close(told[0]);
  ASSERT_TRUE(WIFSIGNALED(status));

  Database database = Database::open_to_read(folder_ / "run" / "results.db");
  EXPECT_EQ(database.text("PRAGMA integrity_check"), "ok");
  EXPECT_GE(number(database, "SELECT count(*) FROM round"), kKept);
  EXPECT_EQ(read_meta(database, "status"), Value("running"));
}

TEST_F(ARun, InterruptedBetweenRoundsKeepsThem) {
  Folder folder(folder_ / "run", Replace::no);
  Writer writer(folder, small_manifest());
  play_round(writer, 1);
  writer.finish({.status = "interrupted", .reason = "SIGINT", .detail = "", .fingerprint = "", .wall_s = 1});
  Database database = Database::open_to_read(folder.database());
  EXPECT_EQ(read_meta(database, "status"), Value("interrupted"));
  EXPECT_EQ(number(database, "SELECT count(*) FROM round"), 1);
}

TEST_F(ARun, ThatIsDestroyedWithoutAnEndingKeepsItsRounds) {
  Folder folder(folder_ / "run", Replace::no);
  {
    Writer writer(folder, small_manifest());
    play_round(writer, 1);
  }
  EXPECT_EQ(number(Database::open_to_read(folder.database()), "SELECT count(*) FROM round"), 1);
}

}  // namespace
}  // namespace telegrad::results
