#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace telegrad::bench {

/// One line of the report: ours against something that we did not write, in turn within one run, because
/// machines are noisy; or a plain duration where there is nothing to compare with.
struct Line {
  std::string name;
  std::string ours;    // what was timed
  std::string theirs;  // what it is compared with; empty for a duration
  double ours_s = 0;   // median
  double theirs_s = 0;
  double ratio = 0;  // median of the ratios pair by pair
  double ratio_low = 0, ratio_high = 0;
  double aim = 0;  // largest ratio, or seconds; 0: none, reported only
};

/// Each returns the seconds of one run.
using Timed = std::function<double()>;

Line compare(std::string name, double aim, std::string ours_is, const Timed& ours, std::string theirs_is,
             const Timed& theirs, int pairs);
Line duration(std::string name, double aim_s, std::string ours_is, const Timed& ours, int runs);

/// Host seconds that this takes.
double seconds_of(const std::function<void()>& work);

/// Host seconds of a plain ns-3 program, BulkSend over Wi-Fi, that moves what 8 workers move in so many rounds of so
/// many bytes up and down.
double plain_rounds(std::uint64_t rounds, std::uint64_t bytes);

/// The benchmarks, each a file.
void bench_compressor(std::vector<Line>& lines);
void bench_exchange(std::vector<Line>& lines);
void bench_gradient(std::vector<Line>& lines);
void bench_grid(std::vector<Line>& lines);
void bench_kernels(std::vector<Line>& lines);
void bench_replay(std::vector<Line>& lines);
void bench_sampling(std::vector<Line>& lines);
void bench_wifi(std::vector<Line>& lines);

}  // namespace telegrad::bench
