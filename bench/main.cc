// ./dev bench: what telegrad costs against what the same work costs without it.

#include <algorithm>
#include <cstdio>

#include "bench/paired.h"
#include "sim/core/json.h"
#include "sim/results/manifest.h"

namespace telegrad::bench {
namespace {

void print(const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    std::printf("%s\n  ours    %9.4f s  %s\n", line.name.c_str(), line.ours_s, line.ours.c_str());
    if (line.theirs.empty()) {
      std::printf("  aim     %9.4f s  %s\n\n", line.aim, line.ours_s <= line.aim ? "met" : "missed");
      continue;
    }
    std::printf("  theirs  %9.4f s  %s\n", line.theirs_s, line.theirs.c_str());
    std::printf("  ratio   %9.3f    (%.3f to %.3f)", line.ratio, line.ratio_low, line.ratio_high);
    if (line.aim > 0)
      std::printf(", aim %.3g or less: %s", line.aim, line.ratio <= line.aim ? "met" : "missed");
    std::printf("\n\n");
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

struct Bench {
  const char* name;
  void (*run)(std::vector<Line>&);
};
constexpr Bench kBenches[] = {{"exchange", bench_exchange}, {"gradient", bench_gradient},
                              {"kernels", bench_kernels},   {"wifi", bench_wifi},
                              {"replay", bench_replay},     {"grid", bench_grid},
                              {"sampling", bench_sampling}, {"compressor", bench_compressor}};

bool known(const std::string& name) {
  return std::any_of(std::begin(kBenches), std::end(kBenches),
                     [&](const Bench& bench) { return name == bench.name; });
}

int run(const std::vector<std::string>& wanted, bool json) {
  for (const std::string& name : wanted) {
    if (known(name)) continue;
    std::fprintf(stderr, "bench: no benchmark '%s'; there are", name.c_str());
    for (const Bench& bench : kBenches) std::fprintf(stderr, " %s", bench.name);
    std::fprintf(stderr, "\n");
    return 2;
  }
  if (!json) std::printf("telegrad %s, %s\n\n", TELEGRAD_VERSION, results::host_date().c_str());
  std::vector<Line> all;
  for (const Bench& bench : kBenches) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), bench.name) == wanted.end()) continue;
    std::vector<Line> lines;
    bench.run(lines);
    if (!json) print(lines);
    std::fflush(stdout);
    all.insert(all.end(), lines.begin(), lines.end());
  }
  if (json) print_json(all);
  return 0;
}

}  // namespace
}  // namespace telegrad::bench

/// bench [--json] [NAME ...]
int main(int argc, char** argv) {
  std::vector<std::string> wanted(argv + 1, argv + argc);
  bool json = std::erase(wanted, "--json") > 0;
  return telegrad::bench::run(wanted, json);
}
