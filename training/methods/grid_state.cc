#include "training/methods/grid_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace telegrad::training {

GridSteps::GridSteps(std::uint32_t size, double first, double shrink)
    : first_(first), shrink_(shrink), runs_{{size, 0}} {}

double GridSteps::step(const Run& run) const { return first_ * std::pow(shrink_, run.shrunk); }

GridSteps GridSteps::shrunk(std::span<const Part> parts) const {
  GridSteps next(*this);
  next.runs_.clear();
  auto add = [&](std::uint32_t end, std::uint32_t times) {
    const bool same = !next.runs_.empty() && next.runs_.back().shrunk == times;
    if (same) {
      next.runs_.back().end = end;
    } else {
      next.runs_.push_back({end, times});
    }
  };
  std::uint32_t at = 0;
  std::size_t part = 0;
  for (const Run& run : runs_) {
    while (at < run.end) {
      while (part < parts.size() && parts[part].end <= at) ++part;
      const bool inside = part < parts.size() && parts[part].first <= at;
      std::uint32_t end = run.end;
      if (part < parts.size()) end = std::min(end, inside ? parts[part].end : parts[part].first);
      add(end, run.shrunk + (inside ? 1 : 0));
      at = end;
    }
  }
  return next;
}

std::int32_t grid_number(float x, float c, double step, std::int32_t most) {
  if (step < std::numeric_limits<float>::min()) return 0;
  const double number = std::floor((static_cast<double>(x) - c) / step + 0.5);
  return static_cast<std::int32_t>(std::clamp(number, -1.0 * most, 1.0 * most));
}

}  // namespace telegrad::training
