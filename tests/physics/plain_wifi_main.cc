// plain_wifi STATIONS UP_BYTES DOWN_BYTES [SEED]: moves the bytes and prints the slowest station's seconds.

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/physics/plain_wifi.h"

int main(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr, "usage: plain_wifi STATIONS UP_BYTES DOWN_BYTES [SEED]\n");
    return 2;
  }
  telegrad::physics::PlainWifi setting;
  setting.stations = static_cast<std::uint32_t>(std::atoi(arguments[1]));
  setting.up_bytes = std::strtoull(arguments[2], nullptr, 10);
  setting.down_bytes = std::strtoull(arguments[3], nullptr, 10);
  if (count > 4) setting.seed = static_cast<std::uint32_t>(std::atoi(arguments[4]));
  const auto times = telegrad::physics::run_plain_wifi(setting);
  const auto slowest = [](const std::vector<double>& all) {
    return all.empty() ? 0.0 : *std::max_element(all.begin(), all.end());
  };
  std::printf("{\"up_s\": %.6f, \"down_s\": %.6f, \"events\": %llu}\n", slowest(times.up_s),
              slowest(times.down_s), static_cast<unsigned long long>(times.events));
}
