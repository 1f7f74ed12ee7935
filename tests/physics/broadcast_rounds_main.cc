// broadcast_rounds [UP_BYTES DOWN_BYTES ROUNDS RADIUS_M MCS]
//
// Rounds of a star over Wi-Fi with Rayleigh fading, for 2 to 32 workers: the way down by TCP to each, and by one broadcast
// with what was lost repaired by TCP. Prints a line of JSON for each; tools/broadcast_figure.py draws them.

#include <cstdio>
#include <cstdlib>

#include "tests/support/sized_training.h"
#include "tests/support/staged_run.h"

namespace {

using namespace telegrad;
using namespace telegrad::testing_support;

struct Bytes final : Observer {
  double down = 0;
  double again = 0;
  double lost = 0;
  double blocks = 0;
  double on_air_down = 0;
  void message(const MessageRecord& record) override {
    const std::string purpose = record.purpose;
    if (purpose == "repair down") again += static_cast<double>(record.bytes);
    if (purpose != "down") return;
    if (!record.overheard) down += static_cast<double>(record.bytes);
    lost += record.lost_blocks;
    blocks += record.blocks;
  }
  void round(const RoundRecord& record) override { on_air_down += static_cast<double>(record.on_air->down); }
};

double argument(int count, char** arguments, int index, double otherwise) {
  return count > index ? std::atof(arguments[index]) : otherwise;
}

}  // namespace

int main(int count, char** arguments) {
  const auto up = static_cast<std::uint64_t>(argument(count, arguments, 1, 20'000));
  const auto down = static_cast<std::uint64_t>(argument(count, arguments, 2, 200'000));
  const auto rounds = static_cast<std::uint64_t>(argument(count, arguments, 3, 10));
  const double radius_m = argument(count, arguments, 4, 12);
  const int mcs = static_cast<int>(argument(count, arguments, 5, 4));
  for (const std::uint32_t workers : {2u, 4u, 8u, 16u, 32u}) {
    for (const bool broadcast : {false, true}) {
      const std::string way = broadcast ? R"({"type": "broadcast", "mcs": )" + std::to_string(mcs) + "}"
                                        : std::string(R"({"type": "tcp"})");
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        Plan plan{.network = R"({"type": "wifi", "fading": {"type": "nakagami", "m": 1},
                                 "placement": {"type": "ring", "radius_m": )" +
                             std::to_string(radius_m) + R"(}, "transport": {"downlink": )" + way + "}}",
                  .exchange = R"({"type": "star", "verdict_window": 1})",
                  .workers = workers,
                  .rounds = rounds,
                  .seed = seed};
        const auto same = [](std::uint64_t bytes) { return [bytes](std::uint64_t) { return bytes; }; };
        SizedTraining training(workers, RoundOf{same(up), same(down), {}, {}});
        Bytes bytes;
        const Ran ran = run_synchronous(plan, training, bytes);
        const auto n = static_cast<double>(rounds);
        std::printf(
            "{\"workers\": %u, \"down\": \"%s\", \"mcs\": %d, \"seed\": %u, \"up_bytes\": %llu, "
            "\"down_bytes\": %llu, \"radius_m\": %g, \"seconds_per_round\": %.6f, \"lost_share\": %.5f, "
            "\"repair_bytes\": %.0f, \"on_air_down_bytes\": %.0f}\n",
            workers, broadcast ? "broadcast" : "tcp", mcs, static_cast<unsigned>(seed),
            static_cast<unsigned long long>(up), static_cast<unsigned long long>(down), radius_m,
            seconds(ran.end) / n, bytes.lost / bytes.blocks, bytes.again / n, bytes.on_air_down / n);
        std::fflush(stdout);
      }
    }
  }
}
