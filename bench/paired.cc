#include "bench/paired.h"

#include <algorithm>
#include <chrono>

namespace telegrad::bench {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

}  // namespace

double seconds_of(const std::function<void()>& work) {
  auto from = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

Line compare(std::string name, double aim, std::string ours_is, const Timed& ours, std::string theirs_is,
             const Timed& theirs, int pairs) {
  ours(), theirs();  // caches are warm
  std::vector<double> a, b, ratios;
  for (int i = 0; i < pairs; ++i) {
    a.push_back(ours());
    b.push_back(theirs());
    ratios.push_back(a.back() / b.back());
  }
  auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
  return {std::move(name),
          std::move(ours_is),
          std::move(theirs_is),
          median(a),
          median(b),
          median(ratios),
          *low,
          *high,
          aim};
}

Line duration(std::string name, double aim_s, std::string ours_is, const Timed& ours, int runs) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) times.push_back(ours());
  Line line;
  line.name = std::move(name);
  line.ours = std::move(ours_is);
  line.ours_s = median(times);
  line.aim = aim_s;
  return line;
}

}  // namespace telegrad::bench
