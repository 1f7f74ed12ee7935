#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace telegrad::training {

/// The steps of a grid over coordinates: first * shrink^n, n the rounds in which nothing of a coordinate was lost. Held as
/// runs of equal n: without losses it is one.
class GridSteps final {
 public:
  struct Run {
    std::uint32_t end = 0;  // coordinates from the end of the run before
    std::uint32_t shrunk = 0;
    bool operator==(const Run&) const = default;
  };

  GridSteps(std::uint32_t size, double first, double shrink);

  std::span<const Run> runs() const { return runs_; }
  double step(const Run& run) const;
  /// The same where these coordinates, rising and side by side, have shrunk once more.
  struct Part {
    std::uint32_t first = 0, end = 0;
  };
  GridSteps shrunk(std::span<const Part> parts) const;

 private:
  double first_, shrink_;
  std::vector<Run> runs_;
};

/// Walks through the steps as coordinates rise.
class StepCursor final {
 public:
  explicit StepCursor(const GridSteps& steps) : steps_(steps), step_(steps.step(steps.runs()[0])) {}
  double at(std::uint32_t coordinate) {
    while (coordinate >= steps_.runs()[run_].end) step_ = steps_.step(steps_.runs()[++run_]);
    return step_;
  }

 private:
  const GridSteps& steps_;
  std::size_t run_ = 0;
  double step_;
};

/// floor((x - c) / step + 1 / 2), at most `most` in magnitude: beyond step * (most + 1 / 2) from c it saturates. 0 where
/// no float is so near to c. (Magnusson et al. 2018)
std::int32_t grid_number(float x, float c, double step, std::int32_t most);

}  // namespace telegrad::training
