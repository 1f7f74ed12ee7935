// The engine with shells for children: it neither knows nor cares what they do.

#include "sim/sweep/engine.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <map>

#include "sim/core/errors.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::sweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EngineTest : public results::Scratch, protected Foreman {
 protected:
  Command command(const Job& job) override {
    return {{"/bin/sh", "-c", scripts_[job.key]}, folder_ / (job.key + ".txt"), limits_};
  }
  int attempts(const Job& job) override { return attempts_[job.key]; }
  void started(const Job& job) override {
    ++attempts_[job.key];
    begun_.push_back(job.key);
  }
  void line(const Job& job, const std::string& text) override { lines_.push_back(job.key + ": " + text); }
  void done(const Job& job, const Exit& exit) override {
    if (refuse_ == job.key) throw RunError(Failure::bad_data, "no result");
    done_.push_back(job.key);
    last_ = exit;
  }
  void died(const Job& job, const Exit& exit) override { died_.push_back(job.key + ": " + exit.reason); }
  void failed(const Job& job, const Exit& exit, const char* status) override {
    failed_.push_back(job.key + ": " + status + ", " + exit.reason);
    last_ = exit;
  }

  Job job(const std::string& key, const std::string& script, const std::string& recording = {},
          JobKind kind = JobKind::coupled) {
    scripts_[key] = script;
    Job made;
    made.key = key;
    made.kind = kind;
    made.recording = recording;
    return made;
  }
  int run(std::vector<Job> jobs, unsigned processes = 2) {
    return Engine(std::move(jobs), processes, *this).run();
  }

  Limits limits_;
  std::string refuse_;
  std::map<std::string, std::string> scripts_;
  std::map<std::string, int> attempts_;
  std::vector<std::string> begun_, lines_, done_, died_, failed_;
  Exit last_;
};

TEST_F(EngineTest, RunsEveryJobAndTellsWhatItSays) {
  EXPECT_EQ(run({job("a", "echo one; echo two; echo to the log >&2"), job("b", "true"), job("c", "true")}),
            0);
  EXPECT_THAT(done_, testing::UnorderedElementsAre("a", "b", "c"));
  EXPECT_THAT(lines_, ElementsAre("a: one", "a: two"));
  EXPECT_EQ(results::read_file(folder_ / "a.txt"), "to the log\n");
}

TEST_F(EngineTest, NothingToDoIsDone) { EXPECT_EQ(run({}), 0); }

TEST_F(EngineTest, AReplayWaitsForItsRecording) {
  run({job("replay", "test -e " + (folder_ / "made").string(), "recording", JobKind::replayed),
       job("recording", "sleep 0.2; touch " + (folder_ / "made").string(), "", JobKind::record),
       job("free", "true")});
  EXPECT_THAT(done_, ElementsAre("free", "recording", "replay"));
}

TEST_F(EngineTest, OfARecordingThatFailsAllReplaysFailAndTheRestGoesOn) {
  run({job("recording", "exit 1", "", JobKind::record), job("r1", "true", "recording", JobKind::replayed),
       job("other", "true")});
  EXPECT_THAT(failed_, ElementsAre("recording: failed, ", "r1: failed, "));
  EXPECT_THAT(done_, ElementsAre("other"));
}

TEST_F(EngineTest, WhatDiesThreeTimesIsSetAside) {
  run({job("a", "kill -ABRT $$"), job("b", "true")});
  EXPECT_THAT(died_, ElementsAre("a: killed by SIGABRT", "a: killed by SIGABRT"));
  EXPECT_THAT(failed_, ElementsAre("a: set_aside, killed by SIGABRT"));
  EXPECT_THAT(done_, ElementsAre("b"));
}

TEST_F(EngineTest, DeathsOfAnEarlierProcessCount) {
  attempts_["a"] = 2;
  run({job("a", "kill -KILL $$")});
  EXPECT_THAT(died_, ElementsAre());
  EXPECT_THAT(failed_, ElementsAre("a: set_aside, killed by SIGKILL"));
}

TEST_F(EngineTest, AFailureOfItsOwnIsNotTriedAgain) {
  run({job("a", "echo failed stalled; exit 1")});
  EXPECT_THAT(begun_, ElementsAre("a"));
  EXPECT_THAT(failed_, ElementsAre("a: failed, "));
  EXPECT_EQ(last_.code, 1);
}

TEST_F(EngineTest, ASuccessWithoutItsResultIsADeath) {
  refuse_ = "a";
  run({job("a", "true")});
  EXPECT_THAT(failed_, ElementsAre("a: set_aside, no result"));
}

TEST_F(EngineTest, LimitsKill) {
  limits_.wall_s = 0.3;
  run({job("slow", "while true; do echo alive; sleep 0.05; done")});
  EXPECT_THAT(failed_, ElementsAre("slow: set_aside, wall"));
  failed_.clear();
  limits_ = {.memory_mb = 0, .wall_s = 0, .stall_s = 0.3};
  run({job("still", "sleep 60")});
  EXPECT_THAT(failed_, ElementsAre("still: set_aside, stalled"));
}

TEST_F(EngineTest, AMemoryLimitKills) {
  limits_.memory_mb = 40;
  run({job("fat", "exec " TELEGRAD_PYTHON " -c 'import time; x = bytearray(200_000_000); time.sleep(60)'")});
  EXPECT_THAT(failed_, ElementsAre("fat: set_aside, memory"));
  EXPECT_GT(last_.memory_mb, 40);
}

TEST_F(EngineTest, AProgramThatIsNotThereIsADeath) {
  struct Missing final : Foreman {
    Command command(const Job&) override { return {{"/nonexistent/program"}, "/dev/null", {}}; }
    int attempts(const Job&) override { return kMostAttempts; }
    void started(const Job&) override {}
    void line(const Job&, const std::string&) override {}
    void done(const Job&, const Exit&) override {}
    void died(const Job&, const Exit&) override {}
    void failed(const Job&, const Exit& exit, const char*) override { reason = exit.reason; }
    std::string reason;
  } missing;
  Engine({job("a", "")}, 1, missing).run();
  EXPECT_THAT(missing.reason, HasSubstr("does not start"));
}

TEST_F(EngineTest, AnInterruptKillsTheChildren) {
  auto pid = std::to_string(::getpid());
  EXPECT_EQ(run({job("a", "kill -INT " + pid + "; sleep 60"), job("b", "sleep 60"), job("c", "true")}),
            SIGINT);
  EXPECT_THAT(done_, ElementsAre());
}

}  // namespace
}  // namespace telegrad::sweep
