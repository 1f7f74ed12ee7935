#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "sim/app/cell.h"
#include "sim/app/command_line.h"
#include "sim/app/verbs.h"
#include "sim/core/errors.h"
#include "sim/core/json.h"

namespace telegrad::app {
namespace {

using Clock = std::chrono::steady_clock;

/// Signs of life for the sweep, in lines "round N S" of stdout, at most a few a second.
class Heartbeat final : public Observer {
 public:
  void message(const MessageRecord&) override { beat(); }
  void round(const RoundRecord& record) override {
    round_ = record.round;
    end_ = record.end;
    beat();
  }

 private:
  void beat() {
    Clock::time_point now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(300)) return;
    last_ = now;
    std::printf("round %llu %.3f\n", static_cast<unsigned long long>(round_), seconds(end_));
    std::fflush(stdout);
  }
  Clock::time_point last_{};
  std::uint64_t round_ = 0;
  SimTime end_{};
};

/// To the sweep, in one line of stdout: why there is no result.
int tell_failure(const char* reason, std::string detail) {
  std::fprintf(stderr, "%s: %s\n", reason, detail.c_str());
  std::replace(detail.begin(), detail.end(), '\n', ' ');
  std::printf("failed %s\t%s\n", reason, detail.c_str());
  return kRunFailed;
}

int run(const std::string& file) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody waits for the results of an orphan
  Parsed order = read_json(file);
  if (!order.complete) return tell_failure("internal", file + " is no order of a sweep");
  try {
    Heartbeat heartbeat;
    run_cell(cell_order(order.value), heartbeat);
    return kDone;
  } catch (const RunError& error) {
    return tell_failure(to_string(error.failure()), error.what());
  } catch (const ScenarioError& error) {
    return tell_failure("scenario", error.what());
  }
}

}  // namespace

void add_cell(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("cell", "one cell of a sweep, in a process of its own")->group("");
  auto file = std::make_shared<std::string>();
  verb->add_option("ORDER", *file, "what to do (JSON)")->required();
  verb->callback([&action, file] { action = [file] { return run(*file); }; });
}

}  // namespace telegrad::app
