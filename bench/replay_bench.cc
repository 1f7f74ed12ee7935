// A cell of a sweep: what replaying costs beyond ns-3's own work, how soon it starts, and what storing it costs.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "bench/paired.h"
#include "sim/app/cell.h"
#include "sim/app/replay_scenario.h"
#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/programs/transfer.h"
#include "sim/results/recording_file.h"
#include "sim/sweep/store.h"
#include "tests/support/staged_run.h"

namespace telegrad::bench {
namespace {

constexpr std::uint32_t kWorkers = 8;
constexpr std::uint64_t kBytes = 200'000;  // per worker, round and direction
constexpr const char* kNetwork =
    R"({"name": "bench", "network": {"type": "wifi", "placement": {"type": "ring", "radius_m": 10}}})";

/// A recording and the order to play it, in a folder that goes in the end.
class Cell {
 public:
  Cell(std::uint64_t rounds, std::uint64_t bytes) {
    std::filesystem::create_directories(folder_);
    programs::Transfer training(kWorkers, bytes, bytes);
    Recorder recorder(kWorkers + 1);
    testing_support::Plan plan{.workers = kWorkers, .rounds = rounds};
    testing_support::run_synchronous(plan, training, recorder);
    Recording recording = std::move(recorder).finish("{}", training.facts());
    std::ofstream(folder_ / "network.json") << kNetwork;
    order_.kind = sweep::JobKind::replayed;
    order_.scenario =
        app::resolve_replay(folder_ / "network.json", {}, app::recorded_by_others(recording, "bench"));
    order_.recording = folder_ / "recording";
    order_.result = folder_ / "result";
    results::write_recording(recording, order_.recording);
    std::ofstream(folder_ / "order.json") << dump_json(app::to_value(order_));
  }
  ~Cell() { std::filesystem::remove_all(folder_); }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  double simulate() const {
    Observer nobody;
    return seconds_of([&] { app::run_cell(order_, nobody); });
  }
  /// Host seconds from the start of a process of its own to its first message, of which its first sign of life tells
  /// at once, and to its end.
  struct Spawned {
    double first_message, all;
  };
  Spawned spawn() const {
    std::string program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "telegrad";
    std::string command = "exec " + program + " cell " + (folder_ / "order.json").string();
    Spawned took{};
    took.all = seconds_of([&] {
      FILE* child = nullptr;
      took.first_message = seconds_of([&] {
        child = ::popen(command.c_str(), "r");
        expect(child != nullptr, "the cell starts");
        char line[100];
        expect(std::fgets(line, sizeof line, child) != nullptr, "the cell gives a sign of life");
      });
      expect(::pclose(child) == 0, "the cell runs");
    });
    return took;
  }
  double store() const {
    results::Digest digest = sweep::read_digest(order_.result);
    return seconds_of([&] { sweep::write_digest(digest, folder_ / "copy"); });
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("telegrad-bench-" + std::to_string(::getpid()));
  app::CellOrder order_;
};

}  // namespace

void bench_replay(std::vector<Line>& lines) {
  {
    Cell cell(10, kBytes);
    lines.push_back(compare(
        "a replayed cell", 1.1, "8 workers, 10 rounds of 200 kB up and down, read, simulated and stored",
        [&] { return cell.simulate(); }, "plain ns-3, BulkSend of the same bytes",
        [] { return plain_rounds(10, kBytes); }, 5));
    lines.push_back(compare(
        "storing a cell", 0.01, "its digest", [&] { return cell.store(); }, "simulating it",
        [&] { return cell.simulate(); }, 5));
  }
  Cell shortest(1, 1000);
  shortest.spawn();  // caches are warm
  lines.push_back(duration(
      "start of a replayed cell", 0.15,
      "a process with a single round of 1 kB, until its first message is there",
      [&] { return shortest.spawn().first_message; }, 9));
  lines.push_back(duration(
      "a replayed cell of a round", 0.25, "the same, until the process has ended",
      [&] { return shortest.spawn().all; }, 9));
}

}  // namespace telegrad::bench
