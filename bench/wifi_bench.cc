// Rounds over Wi-Fi by TCP: what telegrad adds to ns-3's own work.

#include "bench/paired.h"
#include "sim/programs/transfer.h"
#include "tests/physics/plain_wifi.h"
#include "tests/support/staged_run.h"

namespace telegrad::bench {
namespace {

constexpr std::uint32_t kWorkers = 8;
constexpr std::uint64_t kRounds = 10;
constexpr std::uint64_t kBytes = 200'000;  // per worker, round and direction

double ours() {
  return seconds_of([] {
    programs::Transfer training(kWorkers, kBytes, kBytes);
    Observer nobody;
    testing_support::Plan plan{
        .network = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 10}})",
        .workers = kWorkers,
        .rounds = kRounds};
    testing_support::run_synchronous(plan, training, nobody);
  });
}

}  // namespace

double plain_rounds(std::uint64_t rounds, std::uint64_t bytes) {
  return seconds_of([=] {
    physics::PlainWifi setting;
    setting.stations = kWorkers;
    setting.up_bytes = rounds * bytes;
    setting.down_bytes = rounds * bytes;
    physics::run_plain_wifi(setting);
  });
}

void bench_wifi(std::vector<Line>& lines) {
  lines.push_back(compare(
      "rounds by TCP over Wi-Fi", 1.1, "8 workers, 10 rounds of 200 kB up and down", ours,
      "plain ns-3, BulkSend of the same bytes", [] { return plain_rounds(kRounds, kBytes); }, 5));
}

}  // namespace telegrad::bench
