#include "sim/results/words.h"

#include <cmath>
#include <cstdio>

namespace telegrad::results {
namespace {

struct Unit {
  double factor;
  const char* name;
};

/// `digits` significant ones, of the largest unit that leaves something before the point.
template <std::size_t n>
std::string scaled(double value, const Unit (&units)[n], int digits) {
  const Unit* unit = &units[0];
  while (unit != &units[n - 1] && std::abs(value) < unit->factor * 0.9995) ++unit;
  double shown = value / unit->factor;
  int before = shown == 0 ? 1 : static_cast<int>(std::floor(std::log10(std::abs(shown)))) + 1;
  int decimals = std::max(0, digits - std::max(1, before));
  if (shown == std::floor(shown) && unit == &units[n - 1]) decimals = 0;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f %s", decimals, shown, unit->name);
  return text;
}

}  // namespace

std::string seconds_in_words(double s) {
  if (s == 0) return "0 s";
  if (s >= 120) {
    auto minutes = static_cast<std::uint64_t>(s / 60);
    auto rest = static_cast<std::uint64_t>(s) % 60;
    if (minutes < 60) return std::to_string(minutes) + " min " + std::to_string(rest) + " s";
    return count_in_words(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  }
  static constexpr Unit kUnits[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
  return scaled(s, kUnits, 4);
}

std::string bytes_in_words(double bytes) {
  static constexpr Unit kUnits[] = {{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}};
  return scaled(bytes, kUnits, 3);
}

std::string share_in_words(double share) {
  double percent = 100 * share;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", percent >= 1 || percent == 0 ? 1 : 2, percent);
  return text;
}

std::string count_in_words(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string counted(std::uint64_t count, const char* noun) {
  return count_in_words(count) + ' ' + noun + (count == 1 ? "" : "s");
}

}  // namespace telegrad::results
