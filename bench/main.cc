// ./dev bench: what telegrad costs against what the same work costs without it.

#include <cstdio>
#include <cstring>

#include "bench/paired.h"
#include "sim/core/json.h"
#include "sim/results/manifest.h"

namespace telegrad::bench {
namespace {

void print(const std::vector<Line>& lines) {
  std::printf("telegrad %s, %s\n\n", TELEGRAD_VERSION, results::host_date().c_str());
  for (const Line& line : lines) {
    std::printf("%s\n  ours    %9.4f s  %s\n", line.name.c_str(), line.ours_s, line.ours.c_str());
    if (line.theirs.empty()) {
      std::printf("  aim     %9.4f s  %s\n\n", line.aim, line.ours_s <= line.aim ? "met" : "missed");
      continue;
    }
    std::printf("  theirs  %9.4f s  %s\n", line.theirs_s, line.theirs.c_str());
    std::printf("  ratio   %9.3f    (%.3f to %.3f), aim %.2f or less: %s\n\n", line.ratio, line.ratio_low,
                line.ratio_high, line.aim, line.ratio <= line.aim ? "met" : "missed");
  }
}

void print_json(const std::vector<Line>& lines) {
  Value::Array rows;
  for (const Line& line : lines) {
    rows.push_back(Value::Object{{"name", line.name},
                                 {"ours", line.ours},
                                 {"theirs", line.theirs},
                                 {"ours_s", line.ours_s},
                                 {"theirs_s", line.theirs_s},
                                 {"ratio", line.ratio},
                                 {"ratio_low", line.ratio_low},
                                 {"ratio_high", line.ratio_high},
                                 {"aim", line.aim}});
  }
  Value report =
      Value::Object{{"version", TELEGRAD_VERSION}, {"date", results::host_date()}, {"lines", rows}};
  std::puts(dump_json(report, 2).c_str());
}

}  // namespace
}  // namespace telegrad::bench

int main(int argc, char** argv) {
  std::vector<telegrad::bench::Line> lines;
  telegrad::bench::bench_exchange(lines);
  telegrad::bench::bench_gradient(lines);
  telegrad::bench::bench_wifi(lines);
  telegrad::bench::bench_replay(lines);
  telegrad::bench::bench_sampling(lines);
  if (argc > 1 && std::strcmp(argv[1], "--json") == 0) {
    telegrad::bench::print_json(lines);
  } else {
    telegrad::bench::print(lines);
  }
}
