#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "sim/core/observer.h"

namespace telegrad::results {

/// Where a run can end by itself.
struct Horizon {
  std::optional<std::uint64_t> max_rounds;
  std::optional<double> max_simulated_s;
};

/// Where progress is shown, and by whose clock (host time since anything).
struct Display {
  enum class Kind { terminal, plain, none };

  Kind kind = Kind::plain;
  int columns = 80;
  std::ostream* out = nullptr;
  std::function<std::chrono::nanoseconds()> clock;

  /// stderr, as a terminal if it is one.
  static Display standard_error();
};

/// Says how far a run is: on a terminal in one line, rewritten at most ten times a second, elsewhere in a line
/// every ten seconds of host time. Only looks on: nothing in the results depends on it.
class Progress final : public Observer {
 public:
  Progress(const Horizon& horizon, Display display);
  ~Progress() override { clear(); }

  void message(const MessageRecord& record) override;
  void round(const RoundRecord& record) override;
  void evaluated(std::uint64_t round, const Evaluation& evaluation) override;

  /// Takes the line off a terminal, before anything else is written there.
  void clear();
  /// The line as it would be shown now.
  std::string line() const;

 private:
  using HostTime = std::chrono::nanoseconds;
  struct Sample {
    HostTime host{};
    std::uint64_t round = 0;
    SimTime simulated{};
  };

  void show();
  void sample(HostTime now);
  std::optional<double> rounds_per_s() const;
  std::optional<double> seconds_left() const;

  Horizon horizon_;
  Display display_;
  HostTime shown_{};
  bool visible_ = false;

  std::deque<Sample> samples_;  // the last half minute, for the rates
  std::uint64_t round_ = 0;
  SimTime simulated_{};
  std::optional<double> accuracy_;
  std::optional<double> loss_;
  std::uint64_t sent_bytes_ = 0;
  std::optional<std::uint64_t> on_air_bytes_;
};

}  // namespace telegrad::results
