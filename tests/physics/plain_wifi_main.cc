// plain_wifi STATIONS UP_BYTES DOWN_BYTES [SEED [RADIUS_M]]
//
// Every station sends UP_BYTES to the server and then, once all of that has arrived, receives DOWN_BYTES. Prints the
// slowest station's seconds as one line of JSON.

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/physics/plain_wifi.h"

namespace {

double slowest(const std::vector<double>& all) {
  return all.empty() ? 0.0 : *std::max_element(all.begin(), all.end());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr, "usage: plain_wifi STATIONS UP_BYTES DOWN_BYTES [SEED [RADIUS_M]]\n");
    return 2;
  }
  telegrad::physics::PlainWifi setting;
  setting.stations = static_cast<std::uint32_t>(std::atoi(arguments[1]));
  setting.up_bytes = std::strtoull(arguments[2], nullptr, 10);
  setting.down_bytes = std::strtoull(arguments[3], nullptr, 10);
  if (count > 4) setting.seed = static_cast<std::uint32_t>(std::atoi(arguments[4]));
  if (count > 5) setting.radius_m = std::atof(arguments[5]);
  const auto times = telegrad::physics::run_plain_wifi(setting);
  std::printf("{\"up_s\": %.9f, \"down_s\": %.9f, \"events\": %llu}\n", slowest(times.up_s),
              slowest(times.down_s), static_cast<unsigned long long>(times.events));
}
